package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// parameters is what a rule says about its trigger: names and values still in JSON.
type parameters map[string]json.RawMessage

// text is a string; the default where the name is missing or null.
func (p parameters) text(name, otherwise string) (string, error) {
	raw, found := p.value(name)
	if !found {
		return otherwise, nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", fmt.Errorf("%s is %s: it must be a string", name, shortened(string(raw)))
	}
	return text, nil
}

// needed is a string without a default.
func (p parameters) needed(name string) (string, error) {
	text, err := p.text(name, "")
	if err == nil && strings.TrimSpace(text) == "" {
		err = fmt.Errorf("%s is missing", name)
	}
	return text, err
}

// whole is a whole number; the default where the name is missing or null. 5.0 is whole, as it is in JSON Schema.
func (p parameters) whole(name string, otherwise int64) (int64, error) {
	raw, found := p.value(name)
	if !found {
		return otherwise, nil
	}
	if number, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return number, nil
	}
	number, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || number != math.Trunc(number) || math.Abs(number) >= 1<<53 {
		return 0, fmt.Errorf("%s is %s: it must be a whole number of a sensible size", name, shortened(string(raw)))
	}
	return int64(number), nil
}

func (p parameters) value(name string) (json.RawMessage, bool) {
	raw, found := p[name]
	return raw, found && string(raw) != "null"
}

// unknown are the names that are not among those given, sorted.
func (p parameters) unknown(names []string) []string {
	var others []string
	for name := range p {
		if !slices.Contains(names, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return others
}

// shortened cuts what others wrote to a length that suits a message.
func shortened(text string) string {
	const most = 80
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
