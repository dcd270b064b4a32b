package main

import "time"

// schedule says when a rule is due and what its events carry. Due times are nanoseconds of the schedule's clock.
type schedule interface {
	// clock is the one that the due times are of.
	clock() clockKind
	// start is called once, when the timer is set. Without a due time there is an error that says why.
	start(now moment) (due int64, err error)
	// after is the first due time later than the given one; ok is false where there is none.
	after(due int64) (next int64, ok bool)
	// patience is how late a due time may still be served. Beyond it the timer goes on with the next.
	patience() time.Duration
	// payload is that of the event, as the trigger's output schema has it.
	payload(f firing) any
}

// firing is one due time that is being served.
type firing struct {
	due    int64     // when it should have been
	next   int64     // the due time after it, where there is one
	more   bool      // whether there is one
	now    time.Time // when it is
	count  int64     // how many events the timer has made, this one included
	sensor string    // the sensor's ref
}

// shortPatience is that of timers that come round again. A machine that was too busy for a moment loses
// nothing; one that was stopped for an hour is not flooded with what it has missed.
const shortPatience = time.Minute
