package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// rule is a rule that is to be served: when it is due, and by what names it is known.
type rule struct {
	id       string // as the platform counts it
	ref      string // for people
	trigger  string // the trigger's ref
	schedule schedule
	ignored  []string // names of parameters that the trigger does not have
}

// instance is the name by which the platform finds the rule that an event is for.
func (r rule) instance() string { return "rule_" + r.id }

// ruleText is a rule as ATTUNE_SENSOR_TRIGGERS has it.
type ruleText struct {
	ID         json.RawMessage `json:"id"`
	Ref        string          `json:"ref"`
	TriggerRef string          `json:"trigger_ref"`
	Config     parameters      `json:"config"`
}

// trigger is one of those that the sensor serves: what a rule may say, and how that is read.
type trigger struct {
	names []string
	read  func(parameters) (schedule, error)
}

// triggers are all of them, by ref.
var triggers = map[string]trigger{
	"core.intervaltimer": {
		[]string{"unit", "interval"},
		func(p parameters) (schedule, error) { return newInterval(p) },
	},
	"core.crontimer": {
		[]string{"expression", "timezone", "description"},
		func(p parameters) (schedule, error) { return newCron(p) },
	},
	"core.datetimetimer": {
		[]string{"fire_at", "timezone", "description"},
		func(p parameters) (schedule, error) { return newOneShot(p) },
	},
}

// readRule makes a rule out of its JSON. The error says what is wrong with it; name is how to call the rule then.
func readRule(raw json.RawMessage, position int) (r rule, name string, err error) {
	name = fmt.Sprintf("the rule at position %d", position)
	var text ruleText
	if err := json.Unmarshal(raw, &text); err != nil {
		return r, name, fmt.Errorf("it is not what a rule looks like: %w", err)
	}
	if text.Ref != "" {
		name = text.Ref
	}
	id, err := readID(text.ID)
	if err != nil {
		return r, name, err
	}
	if text.Ref == "" {
		name = "rule " + id
	}
	kind, known := triggers[text.TriggerRef]
	if !known {
		return r, name, fmt.Errorf("trigger_ref is %q: this sensor serves core.intervaltimer, core.crontimer and "+
			"core.datetimetimer", shortened(text.TriggerRef))
	}
	plan, err := kind.read(text.Config)
	if err != nil {
		return r, name, err
	}
	return rule{id, text.Ref, text.TriggerRef, plan, text.Config.unknown(kind.names)}, name, nil
}

// readID takes a whole number, or a text, which must not be empty.
func readID(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil && text != "" {
		return text, nil
	}
	if number, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return strconv.FormatInt(number, 10), nil
	}
	return "", errors.New("id is missing, or is neither a whole number nor a text")
}
