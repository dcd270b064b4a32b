package main

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the zones, for machines that have none installed
)

// zone is a time zone of the IANA database by its name; UTC where none is given.
func (p parameters) zone(name string) (string, *time.Location, error) {
	text, err := p.text(name, "UTC")
	if err != nil {
		return "", nil, err
	}
	zone, err := time.LoadLocation(text)
	// "" and "Local" are names to Go, and mean what the machine happens to be set to.
	if err != nil || text == "" || strings.EqualFold(text, "local") {
		return "", nil, fmt.Errorf("%s is %q: no such time zone; Europe/Berlin or UTC are", name, shortened(text))
	}
	return text, zone, nil
}

// instantOf is the instant at which the clocks of a zone show what t shows. What they show twice in autumn is the
// first of the two; what they leap over in spring is as late as if they did not leap.
func instantOf(t time.Time, zone *time.Location) time.Time {
	clock := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	before := clock.Add(-offsetAt(clock.Add(-24*time.Hour), zone))
	after := clock.Add(-offsetAt(clock.Add(24*time.Hour), zone))
	for _, instant := range []time.Time{before, after} {
		if instant.Add(offsetAt(instant, zone)).Equal(clock) {
			return instant
		}
	}
	return before
}

// offsetAt is how far the zone is ahead of UTC then.
func offsetAt(instant time.Time, zone *time.Location) time.Duration {
	_, seconds := instant.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
