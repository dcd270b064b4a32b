package main

import "time"

// searchYears is how far ahead a match is looked for. 29 February on a given weekday can be 40 years away.
const searchYears = 50

// next is the first match later than the given time; ok is false where there is none.
//
// A time zone is a row of stretches in which the distance to UTC stays the same. Within one of them the search
// goes over plain clock times. So what a zone leaps over in spring does not match at all, and what it goes
// through twice in autumn matches twice: an event for each time that the clock on the wall shows it.
func (c *cron) next(after time.Time) (time.Time, bool) {
	from := after.Truncate(time.Second).Add(time.Second).In(c.zone)
	lastYear := from.Year() + searchYears
	for {
		_, seconds := from.Zone()
		offset := time.Duration(seconds) * time.Second
		found, ok := c.match(from.UTC().Add(offset), lastYear)
		if !ok {
			return time.Time{}, false
		}
		found = found.Add(-offset)
		end, ends := stretchEnd(from)
		if !ends || found.Before(end) {
			return found, true
		}
		from = end
	}
}

// stretchEnd is when the stretch that t is in ends, or somewhere before that; ends is false where it goes on for ever.
func stretchEnd(t time.Time) (end time.Time, ends bool) {
	_, end = t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		// On the last day of a leap year that lies beyond a zone's table, Go takes the year to be over (up to
		// Go 1.27 at least). No zone changes its clock on that day.
		end = t.Add(time.Hour)
	}
	return end, !end.IsZero()
}

// match is the first clock time from the given one on that matches. Clock times are written as if they were UTC.
func (c *cron) match(t time.Time, lastYear int) (time.Time, bool) {
	for t.Year() <= lastYear {
		year, month, day := t.Date()
		hour, minute, second := t.Clock()
		switch {
		case !c.months.has(int(month)):
			t = time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC)
		case !c.matchDay(t):
			t = time.Date(year, month, day+1, 0, 0, 0, 0, time.UTC)
		case !c.hours.has(hour):
			t = time.Date(year, month, day, hour+1, 0, 0, 0, time.UTC)
		case !c.minutes.has(minute):
			t = time.Date(year, month, day, hour, minute+1, 0, 0, time.UTC)
		case !c.seconds.has(second):
			t = t.Add(time.Second)
		default:
			return t, true
		}
	}
	return time.Time{}, false
}

// matchDay judges a day by both of its fields.
func (c *cron) matchDay(date time.Time) bool {
	if c.bothDays {
		return c.days.match(date) && c.weekdays.match(date)
	}
	return c.days.match(date) || c.weekdays.match(date)
}
