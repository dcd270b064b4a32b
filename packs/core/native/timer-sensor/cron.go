package main

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// cron fires whenever the wall clock of a time zone matches an expression.
//
// An expression has six fields: second, minute, hour, day of the month, month, day of the week. A field is a list
// of * and values and ranges, each with a step if need be; months and weekdays have names, and Sunday is 0 or 7.
// A question mark stands for * in the two fields of days. Days of the month may be L (the last) and LW (the last that
// is no Saturday or Sunday); days of the week 5L (the last Friday) and 5#2 (the second).
//
// Where both fields of days are restricted, a day that matches either of them will do; where one of them
// begins with *, a day has to match both. So it is in the cron of Debian.
type cron struct {
	expression string
	timezone   string
	zone       *time.Location
	seconds    set
	minutes    set
	hours      set
	months     set
	days       monthDays
	weekdays   weekDays
	bothDays   bool
}

// newCron reads the parameters of core.crontimer.
func newCron(from parameters) (*cron, error) {
	expression, err := from.needed("expression")
	if err != nil {
		return nil, err
	}
	timezone, zone, err := from.zone("timezone")
	if err != nil {
		return nil, err
	}
	c, err := parseCron(expression)
	if err != nil {
		return nil, fmt.Errorf("expression is %q: %w", shortened(expression), err)
	}
	c.timezone, c.zone = timezone, zone
	return c, nil
}

// parseCron reads an expression; the zone is UTC.
func parseCron(expression string) (*cron, error) {
	fields := strings.Fields(strings.ToUpper(expression))
	if len(fields) == 5 {
		return nil, errors.New("it has 5 fields: put the second in front, as in 0 " + expression)
	}
	if len(fields) != 6 {
		return nil, fmt.Errorf("it has %d fields: second, minute, hour, day of the month, month and day of the week "+
			"are needed", len(fields))
	}
	for _, day := range []int{3, 5} {
		if fields[day] == "?" {
			fields[day] = "*"
		}
	}
	c := &cron{expression: expression, timezone: "UTC", zone: time.UTC}
	c.bothDays = strings.HasPrefix(fields[3], "*") || strings.HasPrefix(fields[5], "*")
	err := errors.Join(
		secondField.read(fields[0], c.seconds.add),
		minuteField.read(fields[1], c.minutes.add),
		hourField.read(fields[2], c.hours.add),
		dayField.read(fields[3], c.days.add),
		monthField.read(fields[4], c.months.add),
		weekdayField.read(fields[5], c.weekdays.add),
	)
	if err != nil {
		// One line of a log: the parts stand side by side.
		return nil, errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return c, c.canMatch()
}

// canMatch refuses the days that no month has, such as 30 February.
func (c *cron) canMatch() error {
	longest := 0
	for month := 1; month <= 12; month++ {
		if c.months.has(month) {
			// The last day in a leap year: the day before the first of the next month.
			longest = max(longest, time.Date(2024, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
		}
	}
	if c.bothDays && c.days.earliest() > longest {
		return fmt.Errorf("no such month has a day %d", c.days.earliest())
	}
	return nil
}

func (c *cron) clock() clockKind        { return wallClock }
func (c *cron) patience() time.Duration { return shortPatience }

func (c *cron) start(now moment) (int64, error) {
	due, ok := c.after(now.on(wallClock))
	if !ok {
		return 0, fmt.Errorf("expression is %q: no time in the next %d years matches", c.expression, searchYears)
	}
	return due, nil
}

func (c *cron) after(due int64) (int64, bool) {
	next, ok := c.next(time.Unix(0, due))
	return next.UnixNano(), ok
}

// cronPayload is the output of core.crontimer.
type cronPayload struct {
	Type           string `json:"type"`
	FiredAt        string `json:"fired_at"`
	ScheduledAt    string `json:"scheduled_at"`
	Expression     string `json:"expression"`
	Timezone       string `json:"timezone"`
	NextFireAt     string `json:"next_fire_at,omitempty"`
	ExecutionCount int64  `json:"execution_count"`
	SensorRef      string `json:"sensor_ref"`
}

func (c *cron) payload(f firing) any {
	p := cronPayload{
		Type:           "cron",
		FiredAt:        timestamp(f.now),
		ScheduledAt:    timestamp(time.Unix(0, f.due)),
		Expression:     c.expression,
		Timezone:       c.timezone,
		ExecutionCount: f.count,
		SensorRef:      f.sensor,
	}
	if f.more {
		p.NextFireAt = timestamp(time.Unix(0, f.next))
	}
	return p
}
