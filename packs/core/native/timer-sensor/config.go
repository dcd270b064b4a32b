package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// setting is one that the sensor takes, from the environment or from stdin.
type setting struct{ name, meaning string }

// settings are all of them, in the order of the help.
var settings = []setting{
	{"ATTUNE_API_URL", "base URL of the Attune API; needed"},
	{"ATTUNE_API_TOKEN", "bearer token for it; needed"},
	{"ATTUNE_SENSOR_TRIGGERS", "the active rules: a JSON array of {id, ref, trigger_ref, config}"},
	{"ATTUNE_SENSOR_REF", "the sensor's own ref, which its events carry; core.interval_timer_sensor"},
	{"ATTUNE_SENSOR_ID", "its number; only logged"},
	{"ATTUNE_LOG_LEVEL", "trace, debug, info, warn or error; info"},
	{"ATTUNE_ARTIFACTS_DIR", "a folder in which it remembers which dates have fired"},
	{"ATTUNE_MQ_URL", "not used: changes of rules are not followed, which it says once"},
	{"ATTUNE_MQ_EXCHANGE", "not used either"},
}

// neededNames are the settings without which stdin is looked at.
var neededNames = []string{"ATTUNE_API_URL", "ATTUNE_API_TOKEN", "ATTUNE_SENSOR_TRIGGERS"}

// config is what the sensor was told.
type config struct {
	base      string // the API's address, with no user, password or query, and no slash at the end
	token     string
	secrets   []string // all that must not be shown
	rules     []json.RawMessage
	sensorRef string
	sensorID  string
	level     slog.Level
	artifacts string
	hasQueue  bool
	remarks   []string // for the log
}

// values are settings by name.
type values map[string]string

// fromEnvironment takes the settings that are there and not empty.
func fromEnvironment(getenv func(string) string) values {
	found := values{}
	for _, each := range settings {
		if value := getenv(each.name); value != "" {
			found[each.name] = value
		}
	}
	return found
}

// complete tells whether there is no need to look at stdin.
func (v values) complete() bool {
	for _, name := range neededNames {
		if v[name] == "" {
			return false
		}
	}
	return true
}

// stdinPatience is how long an object may take to arrive. The platform starts sensors with stdin at its end.
const stdinPatience = 5 * time.Second

// readObject reads one JSON object of settings from stdin; none at all is as good as an empty one.
func readObject(ctx context.Context, stdin io.Reader) (map[string]json.RawMessage, error) {
	type result struct {
		object map[string]json.RawMessage
		err    error
	}
	results := make(chan result, 1)
	go func() {
		var r result
		r.err = json.NewDecoder(stdin).Decode(&r.object)
		results <- r
	}()
	select {
	case r := <-results:
		if r.err == nil || errors.Is(r.err, io.EOF) && r.object == nil {
			return r.object, nil
		}
		// The decoder's own words may quote what it read.
		return nil, errors.New("stdin holds no JSON object")
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(stdinPatience):
		return nil, fmt.Errorf("stdin stayed open for %s and brought no JSON object", stdinPatience)
	}
}

// merge adds what the object has and the environment has not. A value is a text, or for the rules the array itself.
// It returns the names that mean nothing, sorted.
func (v values) merge(object map[string]json.RawMessage) (unknown []string) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.ContainsFunc(settings, func(each setting) bool { return each.name == name }) {
			unknown = append(unknown, name)
			continue
		}
		raw := object[name]
		if _, given := v[name]; given || string(raw) == "null" {
			continue
		}
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		if text != "" {
			v[name] = text
		}
	}
	return unknown
}

// configure makes sense of the settings. An error never holds a value.
func configure(v values) (*config, error) {
	c := &config{
		token:     strings.TrimSpace(v["ATTUNE_API_TOKEN"]),
		sensorRef: v["ATTUNE_SENSOR_REF"],
		sensorID:  v["ATTUNE_SENSOR_ID"],
		artifacts: v["ATTUNE_ARTIFACTS_DIR"],
		hasQueue:  v["ATTUNE_MQ_URL"] != "",
	}
	if c.sensorRef == "" {
		c.sensorRef = "core.interval_timer_sensor"
	}
	var known bool
	if c.level, known = levelOf(v["ATTUNE_LOG_LEVEL"]); !known {
		c.remarks = append(c.remarks, "ATTUNE_LOG_LEVEL is no level that is known here: info is taken")
	}
	if c.token == "" {
		return nil, errors.New("ATTUNE_API_TOKEN is missing: it is neither in the environment nor on stdin")
	}
	if strings.ContainsFunc(c.token, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, errors.New("ATTUNE_API_TOKEN holds a blank or a control character: it is no token")
	}
	c.secrets = append(c.secrets, c.token)
	if err := c.readURL(v["ATTUNE_API_URL"]); err != nil {
		return nil, err
	}
	return c, c.readRules(v["ATTUNE_SENSOR_TRIGGERS"])
}

// readURL takes the address apart: what is logged and what errors quote must hold no password.
func (c *config) readURL(text string) error {
	if text == "" {
		return errors.New("ATTUNE_API_URL is missing: it is neither in the environment nor on stdin")
	}
	address, err := url.Parse(strings.TrimSpace(text))
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return errors.New("ATTUNE_API_URL is no address of the form http://host:port or https://host")
	}
	if address.User != nil {
		secret, has := address.User.Password()
		if !has {
			secret = address.User.Username() // where tokens stand that need no user
		}
		c.secrets = append(c.secrets, secret)
		c.remarks = append(c.remarks, "ATTUNE_API_URL names a user: that is left out, the token is what counts")
	}
	plain := url.URL{Scheme: address.Scheme, Host: address.Host, Path: strings.TrimRight(address.Path, "/")}
	c.base = plain.String()
	return nil
}

func (c *config) readRules(text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if json.Unmarshal([]byte(text), &c.rules) != nil {
		return errors.New("ATTUNE_SENSOR_TRIGGERS is no JSON array of rules")
	}
	return nil
}
