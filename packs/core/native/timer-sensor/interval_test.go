package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// parametersOf reads a rule's parameters from JSON.
func parametersOf(t *testing.T, text string) parameters {
	t.Helper()
	var p parameters
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestIntervalUnits(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`{"unit": "seconds", "interval": 5}`:     5 * time.Second,
		`{"unit": "minutes", "interval": 2}`:     2 * time.Minute,
		`{"unit": "hours", "interval": 3}`:       3 * time.Hour,
		`{"unit": "days", "interval": 1}`:        24 * time.Hour,
		`{"interval": 7}`:                        7 * time.Second,
		`{"unit": null, "interval": 7.0}`:        7 * time.Second,
		`{"unit": "seconds", "interval": 1e3}`:   1000 * time.Second,
		`{}`:                                     time.Minute,
		`{"unit": "days", "interval": 36525}`:    36525 * 24 * time.Hour,
		`{"unit": "minutes", "interval": null}`:  time.Hour,
		`{"interval": 1, "something": ["else"]}`: time.Second,
	} {
		i, err := newInterval(parametersOf(t, text))
		if err != nil || i.every != want {
			t.Errorf("%s: %v, %v; want %s", text, i, err, want)
		}
	}
}

func TestIntervalsThatMakeNoSense(t *testing.T) {
	for text, want := range map[string]string{
		`{"interval": 0}`:                                  "must be 1 or more",
		`{"interval": -5}`:                                 "must be 1 or more",
		`{"interval": 1.5}`:                                "whole number",
		`{"interval": "5"}`:                                "whole number",
		`{"interval": true}`:                               "whole number",
		`{"interval": [1]}`:                                "whole number",
		`{"interval": 1e300}`:                              "whole number",
		`{"interval": 99999999999999999999}`:               "whole number",
		`{"interval": 9223372036854775807}`:                "a hundred years",
		`{"unit": "days", "interval": 36526}`:              "a hundred years",
		`{"unit": "weeks", "interval": 1}`:                 "seconds, minutes, hours or days",
		`{"unit": "Seconds", "interval": 1}`:               "seconds, minutes, hours or days",
		`{"unit": 1, "interval": 1}`:                       "must be a string",
		`{"unit": "` + strings.Repeat("x", 999) + `"}`:     "x…",
		`{"interval": "` + strings.Repeat("9", 999) + `"}`: "9…",
	} {
		_, err := newInterval(parametersOf(t, text))
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 200 {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
}

// However late each firing is served, the n-th is due n intervals after the start.
func TestIntervalsDoNotDrift(t *testing.T) {
	i := &interval{every: 7 * time.Second}
	start := 3*time.Hour + 123*time.Microsecond
	due, err := i.start(moment{steady: start})
	if err != nil {
		t.Fatal(err)
	}
	for n := int64(1); n <= 100_000; n++ {
		if want := int64(start) + n*int64(7*time.Second); due != want {
			t.Fatalf("firing %d is due at %d instead of %d", n, due, want)
		}
		if late, _ := i.after(due + n%int64(7*time.Second)); late != due+int64(7*time.Second) {
			t.Fatalf("after being late, firing %d is due at %d", n+1, late)
		}
		due, _ = i.after(due)
	}
}
