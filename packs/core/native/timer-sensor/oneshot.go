package main

import (
	"fmt"
	"math"
	"time"
)

// oneShot fires once, at a date of the wall clock.
type oneShot struct {
	at       time.Time
	timezone string
}

// newOneShot reads the parameters of core.datetimetimer.
func newOneShot(from parameters) (*oneShot, error) {
	text, err := from.needed("fire_at")
	if err != nil {
		return nil, err
	}
	timezone, zone, err := from.zone("timezone")
	if err != nil {
		return nil, err
	}
	at, err := parseDate(text, zone)
	if err != nil {
		return nil, err
	}
	return &oneShot{at: at, timezone: timezone}, nil
}

// Dates as ISO 8601 writes them. Fractions of a second may follow wherever there are seconds.
var (
	absoluteLayouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00"}
	localLayouts    = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"}
)

// parseDate takes a date with its distance to UTC, or one that the clocks of the zone show.
func parseDate(text string, zone *time.Location) (time.Time, error) {
	for _, layout := range absoluteLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return inReach(at)
		}
	}
	for _, layout := range localLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return inReach(instantOf(at, zone))
		}
	}
	return time.Time{}, fmt.Errorf("fire_at is %q: a date such as 2030-12-31T23:59:59Z is needed", shortened(text))
}

// inReach refuses the dates that nanoseconds since 1970 have no number for.
func inReach(at time.Time) (time.Time, error) {
	if year := at.Year(); year < 1700 || year > 2200 {
		return at, fmt.Errorf("fire_at is in the year %d: that is out of reach", year)
	}
	return at.UTC(), nil
}

// grace is how long a date may have passed when the sensor starts: as long as the platform waits, at most,
// before it starts a sensor again that has died.
const grace = 5 * time.Minute

func (o *oneShot) clock() clockKind { return wallClock }

// patience has no end here: a machine that slept through the date fires as soon as it is awake.
func (o *oneShot) patience() time.Duration { return math.MaxInt64 }

func (o *oneShot) start(now moment) (int64, error) {
	if late := now.wall.Sub(o.at); late > grace {
		return 0, fmt.Errorf("fire_at is %s: that passed %s ago, and only what passed in the last %s is made up for",
			o.at.Format(time.RFC3339), late.Round(time.Second), grace)
	}
	return o.at.UnixNano(), nil
}

func (o *oneShot) after(int64) (int64, bool) { return 0, false }

// oneShotPayload is the output of core.datetimetimer.
type oneShotPayload struct {
	Type      string `json:"type"`
	FireAt    string `json:"fire_at"`
	FiredAt   string `json:"fired_at"`
	Timezone  string `json:"timezone"`
	DelayMS   int64  `json:"delay_ms"`
	SensorRef string `json:"sensor_ref"`
}

func (o *oneShot) payload(f firing) any {
	return oneShotPayload{
		Type:      "one_shot",
		FireAt:    timestamp(o.at),
		FiredAt:   timestamp(f.now),
		Timezone:  o.timezone,
		DelayMS:   max(0, f.now.Sub(o.at).Milliseconds()),
		SensorRef: f.sensor,
	}
}
