package main

import (
	"strings"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	for _, each := range []struct{ text, zone, want string }{
		{"2030-12-31T23:59:59Z", "UTC", "2030-12-31T23:59:59Z"},
		{"2030-12-31T23:59:59.25Z", "UTC", "2030-12-31T23:59:59.25Z"},
		{"2030-06-15T15:00:00-05:00", "America/New_York", "2030-06-15T20:00:00Z"},
		{"2030-06-15 15:00:00+02:00", "UTC", "2030-06-15T13:00:00Z"},
		{"2030-06-15T15:00:00", "UTC", "2030-06-15T15:00:00Z"},
		{"2030-06-15T15:00:00", "America/New_York", "2030-06-15T19:00:00Z"},
		{"2030-01-15 15:00", "America/New_York", "2030-01-15T20:00:00Z"},
		{"2024-03-10T02:30:00", "America/New_York", "2024-03-10T07:30:00Z"}, // leapt over: 3:30
		{"2024-03-10T12:00:00", "America/New_York", "2024-03-10T16:00:00Z"},
		{"2024-11-03T01:30:00", "America/New_York", "2024-11-03T05:30:00Z"}, // twice: the first
		{"2024-11-03T03:30:00", "America/New_York", "2024-11-03T08:30:00Z"},
	} {
		o, err := newOneShot(parametersOf(t, `{"fire_at": "`+each.text+`", "timezone": "`+each.zone+`"}`))
		if err != nil || !o.at.Equal(date(t, each.want)) {
			t.Errorf("%s in %s: %v, %v; want %s", each.text, each.zone, o, err, each.want)
		}
	}
}

func TestDatesThatMakeNoSense(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                  "fire_at is missing",
		`{"fire_at": " "}`:                    "fire_at is missing",
		`{"fire_at": 5}`:                      "must be a string",
		`{"fire_at": "tomorrow"}`:             "a date such as",
		`{"fire_at": "2030-12-31"}`:           "a date such as",
		`{"fire_at": "2030-02-30T00:00:00Z"}`: "a date such as",
		`{"fire_at": "9999-01-01T00:00:00Z"}`: "out of reach",
		`{"fire_at": "2030-12-31T00:00:00Z", "timezone": "Here"}`: "no such time zone",
	} {
		_, err := newOneShot(parametersOf(t, text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
}

func TestADateInThePast(t *testing.T) {
	now := date(t, "2030-01-01T00:00:00Z")
	for late, fires := range map[time.Duration]bool{-time.Hour: true, 0: true, grace: true, grace + 1: false} {
		o := &oneShot{at: now.Add(-late)}
		due, err := o.start(moment{wall: now})
		if fires != (err == nil) || fires && due != o.at.UnixNano() {
			t.Errorf("late by %s: due %d, %v", late, due, err)
		}
	}
}
