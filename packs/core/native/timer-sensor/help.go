package main

import (
	"fmt"
	"io"
)

const helpHead = `Usage: %s [--help | --version]

The timer sensor of the Attune core pack. It creates events for the rules of three triggers:

  core.intervaltimer  {unit: seconds|minutes|hours|days, interval}    every so often
  core.crontimer      {expression: "sec min hour dom month dow", timezone}
  core.datetimetimer  {fire_at, timezone}                             once

Settings come from the environment. Where ATTUNE_API_URL, ATTUNE_API_TOKEN or
ATTUNE_SENSOR_TRIGGERS is not there, one JSON object with the same names is read from
stdin; what the environment has wins.

`

const helpTail = `
Intervals go by a clock that nobody can set: the n-th event of a rule is due n intervals
after the start, and the time that the machine sleeps does not count. Rules start a
millisecond apart, so that many of them do not fire in the same instant.

Cron times and dates go by the wall clock. In a time zone with summer time, a time that is
leapt over does not occur, and a time that comes twice fires twice. Where both fields of
days are restricted, one of them has to match; where one begins with *, both have to.

What is up to a minute late, because the machine was busy or stopped, is made up for; what
is later is passed over, except for dates: they fire when the machine is awake again. When
the clock is set back by less than a minute, cron times wait until it has caught up.
A date that has passed when the sensor starts fires at once if that was in the last five
minutes, and is refused if it is older.

An event is tried again until the API accepts it or it is five minutes old, unless the API
says that it is wrong. Up to 10000 events wait; one that comes on top is dropped. A rule's
events arrive in their order.

The log is JSON, one line each, on stderr. SIGTERM or SIGINT: the timers stop, the events
that wait are sent, and within a second the sensor is gone.

Exit status: 0 stopped by a signal, 1 the settings do not do, 2 wrong arguments.
`

// printHelp is --help.
func printHelp(to io.Writer) {
	fmt.Fprintf(to, helpHead, program)
	for _, each := range settings {
		fmt.Fprintf(to, "  %-24s%s\n", each.name, each.meaning)
	}
	fmt.Fprint(to, helpTail)
}
