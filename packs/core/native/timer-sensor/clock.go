package main

import "time"

// moment is one instant as both clocks tell it.
//
// wall is the time of calendars. It can be set, and it goes on while the machine sleeps.
// steady counts from the start of the sensor. Nobody can set it, and it stands still while the machine sleeps.
type moment struct {
	wall   time.Time
	steady time.Duration
}

// clock reads both clocks. Tests bring one that they can turn.
type clock func() moment

// systemClock is the machine's own.
func systemClock() clock {
	start := time.Now() // carries a reading of the monotonic clock, which Sub uses
	return func() moment {
		now := time.Now()
		return moment{wall: now.Round(0).UTC(), steady: now.Sub(start)}
	}
}

// clockKind is the clock that a schedule goes by.
type clockKind int

const (
	steadyClock clockKind = iota
	wallClock
	clockKinds // how many there are
)

// on is the moment in nanoseconds of one clock: since the start of the sensor, or since 1970.
func (m moment) on(kind clockKind) int64 {
	if kind == steadyClock {
		return int64(m.steady)
	}
	return m.wall.UnixNano()
}

// drift is how far the wall clock is ahead of the steady one. It changes when the wall clock is set, or was
// alone in running.
func (m moment) drift() time.Duration {
	return time.Duration(m.wall.UnixNano()) - m.steady
}

// timestamp is a time as events carry it: RFC 3339 in UTC, with microseconds.
func timestamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}
