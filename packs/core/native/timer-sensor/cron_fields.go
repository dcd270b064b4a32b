package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// set holds numbers from 0 to 63.
type set uint64

func (s set) has(number int) bool { return s&(1<<number) != 0 }

// insert puts a number in.
func (s *set) insert(number int) { *s |= 1 << number }

// field is one of the six of an expression: which numbers it takes, and the names of some of them.
type field struct {
	name      string
	low, high int
	names     []string // of low, low + 1, …
}

var (
	secondField  = field{name: "second", high: 59}
	minuteField  = field{name: "minute", high: 59}
	hourField    = field{name: "hour", high: 23}
	dayField     = field{name: "day of the month", low: 1, high: 31}
	monthField   = field{"month", 1, 12, strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")}
	weekdayField = field{"day of the week", 0, 7, strings.Fields("SUN MON TUE WED THU FRI SAT")}
)

// read hands the terms of a list to add, one by one.
func (f field) read(text string, add func(field, string) error) error {
	for term := range strings.SplitSeq(text, ",") {
		if err := add(f, term); err != nil {
			return fmt.Errorf("%s %s: %w", f.name, shortened(term), err)
		}
	}
	return nil
}

// add puts in the numbers of a term: *, a value or a range, with a step if need be.
func (s *set) add(f field, term string) error {
	span, stepText, stepped := strings.Cut(term, "/")
	low, high, err := f.span(span)
	if err != nil {
		return err
	}
	step := 1
	if stepped {
		if step, err = digits(stepText); err != nil || step == 0 {
			return fmt.Errorf("a step must be a number from 1 on")
		}
		if low == high {
			high = f.high // 5/15 goes on from 5 to the end
		}
	}
	for number := low; number <= high; number += step {
		s.insert(number)
	}
	return nil
}

// span is the first and the last number of a term without its step.
func (f field) span(text string) (low, high int, err error) {
	if text == "*" {
		return f.low, f.high, nil
	}
	first, last, isRange := strings.Cut(text, "-")
	if low, err = f.value(first); err != nil {
		return 0, 0, err
	}
	if !isRange {
		return low, low, nil
	}
	if high, err = f.value(last); err != nil {
		return 0, 0, err
	}
	if high < low {
		return 0, 0, fmt.Errorf("the range ends before it begins")
	}
	return low, high, nil
}

// value is a number or a name.
func (f field) value(text string) (int, error) {
	if position := slices.Index(f.names, text); position >= 0 {
		return f.low + position, nil
	}
	number, err := digits(text)
	if err != nil || number < f.low || number > f.high {
		return 0, fmt.Errorf("a number from %d to %d%s is needed", f.low, f.high, f.orName())
	}
	return number, nil
}

func (f field) orName() string {
	if f.names == nil {
		return ""
	}
	return fmt.Sprintf(" or a name from %s to %s", f.names[0], f.names[len(f.names)-1])
}

// digits reads a number without a sign. One too large for an int is taken for the largest.
func digits(text string) (int, error) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, fmt.Errorf("no number")
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		return 1 << 30, nil
	}
	return min(number, 1<<30), nil
}
