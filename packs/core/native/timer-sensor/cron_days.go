package main

import (
	"fmt"
	"math/bits"
	"strings"
	"time"
)

// monthDays are the days of a month that match: by number, and by their place at its end.
type monthDays struct {
	numbers     set
	last        bool // L
	lastWeekday bool // LW
}

func (d *monthDays) add(f field, term string) error {
	switch term {
	case "L":
		d.last = true
	case "LW":
		d.lastWeekday = true
	default:
		return d.numbers.add(f, term)
	}
	return nil
}

// earliest is the first day of a month that can match; 1 where that is the last one.
func (d monthDays) earliest() int {
	if d.last || d.lastWeekday {
		return 1
	}
	return bits.TrailingZeros64(uint64(d.numbers))
}

func (d monthDays) match(date time.Time) bool {
	if d.numbers.has(date.Day()) {
		return true
	}
	last := lastOfMonth(date)
	return d.last && date.Day() == last.Day() || d.lastWeekday && date.Day() == lastWorkday(last)
}

// lastOfMonth is the last day of the month that the date is in.
func lastOfMonth(date time.Time) time.Time {
	return time.Date(date.Year(), date.Month()+1, 0, 0, 0, 0, 0, time.UTC)
}

// lastWorkday is the number of the last day before the weekend, or of the month's last day where that is no weekend.
func lastWorkday(last time.Time) int {
	switch last.Weekday() {
	case time.Saturday:
		return last.Day() - 1
	case time.Sunday:
		return last.Day() - 2
	default:
		return last.Day()
	}
}

// weekDays are the days of the week that match: every one, or only the n-th or the last of a month.
type weekDays struct {
	every set     // 0 and 7 are Sunday
	nth   [8]set  // by day: which of a month's five
	last  [8]bool // by day: the last of a month
}

func (d *weekDays) add(f field, term string) error {
	day, number, isNth := strings.Cut(term, "#")
	switch {
	case strings.HasSuffix(term, "L"):
		return d.addLast(f, strings.TrimSuffix(term, "L"))
	case isNth:
		return d.addNth(f, day, number)
	default:
		return d.every.add(f, term)
	}
}

func (d *weekDays) addLast(f field, text string) error {
	day, err := digits(text)
	if err != nil || day > f.high {
		return fmt.Errorf("in front of L a number from 0 to 7 is needed")
	}
	d.last[day] = true
	return nil
}

func (d *weekDays) addNth(f field, text, number string) error {
	day, err := f.value(text)
	if err != nil {
		return err
	}
	nth, err := digits(number)
	if err != nil || nth < 1 || nth > 5 {
		return fmt.Errorf("after # a number from 1 to 5 is needed")
	}
	d.nth[day].insert(nth)
	return nil
}

func (d weekDays) match(date time.Time) bool {
	day := int(date.Weekday())
	return d.matchDay(day, date) || day == 0 && d.matchDay(7, date)
}

func (d weekDays) matchDay(day int, date time.Time) bool {
	nth := (date.Day() + 6) / 7
	isLast := date.Day()+7 > lastOfMonth(date).Day()
	return d.every.has(day) || d.nth[day].has(nth) || d.last[day] && isLast
}
