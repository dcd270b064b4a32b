package main

import (
	"fmt"
	"time"
)

// interval fires every so many seconds of the steady clock. The n-th firing is due at origin + n × every, whatever
// became of those before: delays do not add up.
type interval struct {
	every  time.Duration
	origin int64
}

// unitLengths are the units that a rule may name.
var unitLengths = map[string]time.Duration{
	"seconds": time.Second,
	"minutes": time.Minute,
	"hours":   time.Hour,
	"days":    24 * time.Hour,
}

// longestInterval is a century, which is more than anybody waits for and less than what a Duration holds.
const longestInterval = 36525 * 24 * time.Hour

// newInterval reads the parameters of core.intervaltimer.
func newInterval(from parameters) (*interval, error) {
	unit, err := from.text("unit", "seconds")
	if err != nil {
		return nil, err
	}
	length, known := unitLengths[unit]
	if !known {
		return nil, fmt.Errorf("unit is %q: it must be seconds, minutes, hours or days", shortened(unit))
	}
	count, err := from.whole("interval", 60)
	if err != nil {
		return nil, err
	}
	if count < 1 {
		return nil, fmt.Errorf("interval is %d: it must be 1 or more", count)
	}
	if count > int64(longestInterval/length) {
		return nil, fmt.Errorf("interval is %d %s: that is more than a hundred years", count, unit)
	}
	return &interval{every: time.Duration(count) * length}, nil
}

func (i *interval) clock() clockKind        { return steadyClock }
func (i *interval) patience() time.Duration { return shortPatience }

// start counts from now on: the first firing is due when one interval has passed.
func (i *interval) start(now moment) (int64, error) {
	i.origin = int64(now.steady)
	return i.origin + int64(i.every), nil
}

func (i *interval) after(due int64) (int64, bool) {
	passed := (due - i.origin) / int64(i.every)
	return i.origin + (passed+1)*int64(i.every), true
}

// intervalPayload is the output of core.intervaltimer.
type intervalPayload struct {
	Type            string `json:"type"`
	IntervalSeconds int64  `json:"interval_seconds"`
	FiredAt         string `json:"fired_at"`
	ExecutionCount  int64  `json:"execution_count"`
	SensorRef       string `json:"sensor_ref"`
}

func (i *interval) payload(f firing) any {
	return intervalPayload{
		Type:            "interval",
		IntervalSeconds: int64(i.every / time.Second),
		FiredAt:         timestamp(f.now),
		ExecutionCount:  f.count,
		SensorRef:       f.sensor,
	}
}
