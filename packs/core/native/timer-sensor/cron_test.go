package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// cronIn reads an expression for a zone.
func cronIn(t testing.TB, expression, zone string) *cron {
	t.Helper()
	c, err := parseCron(expression)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	if c.zone, err = time.LoadLocation(zone); err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestCronNext(t *testing.T) {
	for _, each := range []struct{ expression, zone, after, want string }{
		{"* * * * * *", "UTC", "2024-02-28T23:59:59Z", "2024-02-29T00:00:00Z"},
		{"* * * * * *", "UTC", "2024-02-28T23:59:58.9Z", "2024-02-28T23:59:59Z"},
		{"0 */15 * * * *", "UTC", "2024-01-01T00:45:00Z", "2024-01-01T01:00:00Z"},
		{"0 30 8 * * 1-5", "UTC", "2024-01-05T08:30:00Z", "2024-01-08T08:30:00Z"},
		{"0 30 8 ? jan,MAR mon-Fri/2", "UTC", "2024-01-31T08:30:00Z", "2024-03-01T08:30:00Z"},
		{"0 0 0 29 2 *", "UTC", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z"},
		{"0 0 0 29 2 *", "UTC", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z"},
		{"0 0 0 L * *", "UTC", "2023-02-01T00:00:00Z", "2023-02-28T00:00:00Z"},
		{"0 0 0 LW * *", "UTC", "2024-03-01T00:00:00Z", "2024-03-29T00:00:00Z"},
		{"0 0 0 * * 5L", "UTC", "2024-05-01T00:00:00Z", "2024-05-31T00:00:00Z"},
		{"0 0 0 * * TUE#2", "UTC", "2024-05-01T00:00:00Z", "2024-05-14T00:00:00Z"},
		{"0 0 0 * * 7", "UTC", "2024-05-01T00:00:00Z", "2024-05-05T00:00:00Z"},
		// Both fields of days restricted: either will do. One begins with a star: both have to match.
		{"0 0 0 13 * FRI", "UTC", "2024-05-11T00:00:00Z", "2024-05-13T00:00:00Z"},
		{"0 0 0 13 * FRI", "UTC", "2024-05-13T00:00:00Z", "2024-05-17T00:00:00Z"},
		{"0 0 0 */2 * FRI", "UTC", "2024-05-11T00:00:00Z", "2024-05-17T00:00:00Z"},
		// Zones: what the clock leaps over does not occur, what it shows twice fires twice.
		{"0 0 9 * * *", "Asia/Kolkata", "2024-05-11T00:00:00Z", "2024-05-11T03:30:00Z"},
		{"0 30 2 * * *", "America/New_York", "2024-03-09T12:00:00Z", "2024-03-11T06:30:00Z"},
		{"0 30 1 * * *", "America/New_York", "2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z"},
		{"0 30 1 * * *", "America/New_York", "2024-11-03T06:30:00Z", "2024-11-04T06:30:00Z"},
		{"0 0 * * * *", "Australia/Lord_Howe", "2024-10-05T14:30:00Z", "2024-10-05T16:00:00Z"},
		{"0 30 * * * *", "Australia/Lord_Howe", "2024-10-05T15:00:00Z", "2024-10-05T15:30:00Z"},
		// The last day of a leap year, far ahead, where Go's own bounds of zones end too early.
		{"0 30 12,23 * * *", "Europe/Berlin", "2040-12-30T23:00:00Z", "2040-12-31T11:30:00Z"},
		{"0 30 12,23 * * *", "Europe/Berlin", "2040-12-31T12:00:00Z", "2040-12-31T22:30:00Z"},
		{"0 30 12 1 1 *", "Europe/Berlin", "2040-12-31T12:00:00Z", "2041-01-01T11:30:00Z"},
		{"0 30 12 1 1 *", "Australia/Sydney", "2040-12-31T12:00:00Z", "2041-01-01T01:30:00Z"},
		// Midnight itself is leapt over.
		{"0 0 0 * * *", "America/Havana", "2024-03-09T12:00:00Z", "2024-03-11T04:00:00Z"},
		{"0 0 1 * * *", "America/Havana", "2024-03-09T12:00:00Z", "2024-03-10T05:00:00Z"},
		// Samoa had no 30 December 2011.
		{"0 0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", "2012-12-29T22:00:00Z"},
	} {
		got, ok := cronIn(t, each.expression, each.zone).next(date(t, each.after))
		if !ok || !got.Equal(date(t, each.want)) {
			t.Errorf("%s in %s after %s: %s; want %s", each.expression, each.zone, each.after, got.UTC(), each.want)
		}
	}
}

func TestExpressionsThatMakeNoSense(t *testing.T) {
	for expression, want := range map[string]string{
		"":                               "it has 0 fields",
		"0 9 * * MON":                    "put the second in front, as in 0 0 9 * * MON",
		"* * * * * * *":                  "it has 7 fields",
		"60 * * * * *":                   "second 60: a number from 0 to 59 is needed",
		"* 61 * * * *":                   "minute 61",
		"* * 24 * * *":                   "hour 24",
		"* * * 0 * *":                    "day of the month 0: a number from 1 to 31",
		"* * * * 13 *":                   "month 13: a number from 1 to 12 or a name from JAN to DEC",
		"* * * * * 8":                    "day of the week 8: a number from 0 to 7 or a name from SUN to SAT",
		"* * * * JANUARY *":              "month JANUARY",
		"5-1 * * * * *":                  "the range ends before it begins",
		"* * * * * SAT-SUN":              "the range ends before it begins",
		"*/0 * * * * *":                  "a step must be a number from 1 on",
		"*/-1 * * * * *":                 "a step must be",
		"1-5/2/2 * * * * *":              "a step must be",
		"1, * * * * *":                   "second",
		"-1 * * * * *":                   "second -1",
		"+1 * * * * *":                   "second +1",
		"? * * * * *":                    "second ?",
		"* * * L/2 * *":                  "day of the month L/2",
		"* * * * * L":                    "in front of L",
		"* * * * * FRIL":                 "in front of L",
		"* * * * * MON#6":                "after # a number from 1 to 5",
		"* * * * * #1":                   "day of the week #1",
		"0 0 0 30 2 *":                   "no such month has a day 30",
		"0 0 0 31 4,6,9,11 *":            "no such month has a day 31",
		"61 61 * * * *":                  "second 61: a number from 0 to 59 is needed; minute 61",
		"99999999999999999999 * * * * *": "second 9999",
	} {
		_, err := parseCron(expression)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want %q", expression, err, want)
		}
	}
}

func TestCronNeedsAZoneThatExists(t *testing.T) {
	for _, zone := range []string{"", "Local", "local", "Mars/Olympus", "../etc/passwd", "/etc/passwd"} {
		_, err := newCron(parameters{"expression": []byte(`"* * * * * *"`), "timezone": json.RawMessage(`"` + zone + `"`)})
		if err == nil || !strings.Contains(err.Error(), "no such time zone") {
			t.Errorf("%q: %v", zone, err)
		}
	}
}

// Every instant around the changes of unusual zones, held against what their clocks show.
func TestCronMatchesWhatTheClockShows(t *testing.T) {
	for zone, from := range map[string]string{
		"Australia/Lord_Howe": "2024-04-06T10:00:00Z", // half an hour
		"Antarctica/Troll":    "2024-03-30T22:00:00Z", // two hours
		"America/Havana":      "2024-03-10T00:00:00Z", // at midnight
		"Africa/Cairo":        "2024-10-31T15:00:00Z", // midnight twice
		"Africa/Casablanca":   "2024-03-10T00:00:00Z", // summer time is the standard
		"Europe/Dublin":       "2024-10-26T20:00:00Z", // winter time is the exception
		"Pacific/Apia":        "2011-12-30T04:00:00Z", // a whole day
		"Asia/Kathmandu":      "2024-01-01T00:00:00Z", // 5:45
	} {
		for _, expression := range []string{"0 0 * * * *", "30 */20 0-2,23 * * *", "0 15,45 * */2 * *", "0 0 0 * * *"} {
			c := cronIn(t, expression, zone)
			at := date(t, from)
			end := at.Add(30 * time.Hour)
			next, _ := c.next(at)
			for at = at.Add(time.Second); at.Before(end); at = at.Add(time.Second) {
				shown := at.In(c.zone)
				matches := c.matchDay(shown) && c.hours.has(shown.Hour()) && c.minutes.has(shown.Minute()) &&
					c.seconds.has(shown.Second())
				if matches != at.Equal(next) {
					t.Fatalf("%s in %s: matches at %s: %v, but next is %s", expression, zone, shown, matches, next.In(c.zone))
				}
				if matches {
					next, _ = c.next(at)
				}
			}
		}
	}
}

// oracleCase is one line of the file that ATTUNE_CRON_CASES names: what another implementation says.
type oracleCase struct {
	Expression string  `json:"expression"`
	Timezone   string  `json:"timezone"`
	After      int64   `json:"after"`
	Next       []int64 `json:"next"`
	Refused    bool    `json:"refused"`
}

func TestCronAgreesWithTheOracle(t *testing.T) {
	path := os.Getenv("ATTUNE_CRON_CASES")
	if path == "" {
		t.Skip("ATTUNE_CRON_CASES names no file of cases")
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	count := 0
	for lines := bufio.NewScanner(file); lines.Scan(); count++ {
		var each oracleCase
		if err := json.Unmarshal(lines.Bytes(), &each); err != nil {
			t.Fatal(err)
		}
		each.check(t)
	}
	t.Logf("%d cases", count)
}

func (o oracleCase) check(t *testing.T) {
	if o.Refused {
		if _, err := parseCron(o.Expression); err == nil {
			t.Errorf("%s is taken", o.Expression)
		}
		return
	}
	c := cronIn(t, o.Expression, o.Timezone)
	at := time.Unix(o.After, 0)
	for _, want := range o.Next {
		next, ok := c.next(at)
		if !ok || next.Unix() != want {
			t.Errorf("%s in %s after %s: %s; want %s", o.Expression, o.Timezone, at.In(c.zone), next.In(c.zone),
				time.Unix(want, 0).In(c.zone))
			return
		}
		at = next
	}
}

// Whatever the text: it is refused, or there is a next time, which is later, and from which the search goes on.
func FuzzCron(f *testing.F) {
	for _, seed := range []string{"* * * * * *", "0 0 0 29 2 MON#5", "1-5/2,7 ? L,LW 1 jan 5L", "0 0 0 31 2 ,", "*/99999999999 * * * * 7"} {
		f.Add(seed)
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		c, err := parseCron(expression)
		if err != nil {
			return
		}
		c.zone = zone
		at := time.Unix(1_700_000_000, 0)
		for range 3 {
			next, ok := c.next(at)
			if !ok {
				return
			}
			if !next.After(at) {
				t.Fatalf("%q: %s is not after %s", expression, next, at)
			}
			at = next
		}
	})
}

func BenchmarkCronNext(b *testing.B) {
	c := cronIn(b, "0 30 8 29 2 *", "America/New_York")
	at := time.Unix(1_700_000_000, 0)
	for b.Loop() {
		c.next(at)
	}
}
