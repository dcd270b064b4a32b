package main

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
)

// settingsFrom is the configuration of an environment and what stdin brings.
func settingsFrom(t *testing.T, environment map[string]string, stdin string) (*config, []string, error) {
	t.Helper()
	given := fromEnvironment(func(name string) string { return environment[name] })
	object, err := readObject(context.Background(), strings.NewReader(stdin))
	if err != nil {
		return nil, nil, err
	}
	unknown := given.merge(object)
	c, err := configure(given)
	return c, unknown, err
}

func TestEnvironmentBeforeStdin(t *testing.T) {
	c, unknown, err := settingsFrom(t,
		map[string]string{"ATTUNE_API_URL": "http://here:1/", "ATTUNE_LOG_LEVEL": "WARN"},
		`{"ATTUNE_API_URL": "http://there", "ATTUNE_API_TOKEN": "secret", "ATTUNE_SENSOR_ID": 5, "api_url": "x",
		  "ATTUNE_MQ_URL": null, "ATTUNE_SENSOR_TRIGGERS": [{"id": 1}, {"id": 2}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if c.base != "http://here:1" || c.token != "secret" || c.sensorID != "5" || len(c.rules) != 2 || c.hasQueue {
		t.Fatalf("%+v", c)
	}
	if c.level.String() != "WARN" || c.sensorRef != "core.interval_timer_sensor" || !slices.Equal(unknown, []string{"api_url"}) {
		t.Fatalf("%+v %v", c, unknown)
	}
}

func TestRulesOnStdinMayBeText(t *testing.T) {
	c, _, err := settingsFrom(t, nil,
		`{"ATTUNE_API_URL": "https://h", "ATTUNE_API_TOKEN": "secret", "ATTUNE_SENSOR_TRIGGERS": "[{\"id\": 1}]"} and more`)
	if err != nil || len(c.rules) != 1 {
		t.Fatal(c, err)
	}
}

func TestOneSettingThatIsMissingMakesStdinNeeded(t *testing.T) {
	v := values{"ATTUNE_API_URL": "a", "ATTUNE_API_TOKEN": "b"}
	if v.complete() {
		t.Fatal("the rules are missing")
	}
	v["ATTUNE_SENSOR_TRIGGERS"] = "[]"
	if !v.complete() {
		t.Fatal("nothing is missing")
	}
}

// What is wrong is said without the value: it may be a secret in the wrong place.
func TestSettingsThatDoNotDo(t *testing.T) {
	good := `"ATTUNE_API_URL": "http://h", "ATTUNE_API_TOKEN": "secret"`
	for stdin, want := range map[string]string{
		``:                               "ATTUNE_API_TOKEN is missing",
		`{"ATTUNE_API_TOKEN": "secret"}`: "ATTUNE_API_URL is missing",
		`["secret"]`:                     "stdin holds no JSON object",
		`{"ATTUNE_API_TOKEN": "sec`:      "stdin holds no JSON object",
		`{` + good + `, "ATTUNE_API_URL": "secret"}`:                "ATTUNE_API_URL is no address",
		`{` + good + `, "ATTUNE_API_URL": "ftp://secret"}`:          "ATTUNE_API_URL is no address",
		`{` + good + `, "ATTUNE_API_URL": "http://u:secret%@h"}`:    "ATTUNE_API_URL is no address",
		`{` + good + `, "ATTUNE_API_URL": "http://secret:port"}`:    "ATTUNE_API_URL is no address",
		`{` + good + `, "ATTUNE_API_TOKEN": "secret\r\nX: y"}`:      "ATTUNE_API_TOKEN holds a blank",
		`{` + good + `, "ATTUNE_SENSOR_TRIGGERS": {"a": "secret"}}`: "ATTUNE_SENSOR_TRIGGERS is no JSON array",
		`{` + good + `, "ATTUNE_SENSOR_TRIGGERS": "[secret"}`:       "ATTUNE_SENSOR_TRIGGERS is no JSON array",
	} {
		_, _, err := settingsFrom(t, nil, stdin)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v; want %q", stdin, err, want)
		}
	}
}

func TestAUserInTheAddressIsLeftOut(t *testing.T) {
	for address, secret := range map[string]string{"http://me:pass@h:1/base/?a=b": "pass", "http://key@h:1/base": "key"} {
		c, _, err := settingsFrom(t, map[string]string{"ATTUNE_API_URL": address, "ATTUNE_API_TOKEN": "token"}, "")
		if err != nil || c.base != "http://h:1/base" || !slices.Equal(c.secrets, []string{"token", secret}) {
			t.Fatalf("%+v %v", c, err)
		}
	}
}

func TestStdinThatStaysOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	silent, _ := io.Pipe()
	if _, err := readObject(ctx, silent); err == nil {
		t.Fatal("it did not notice the end")
	}
}

func TestRulesThatMakeNoSense(t *testing.T) {
	for text, want := range map[string]string{
		`5`:         "it is not what a rule looks like",
		`{}`:        "id is missing",
		`{"id": 1}`: `trigger_ref is ""`,
		`{"id": 1.5, "trigger_ref": "core.intervaltimer"}`:                                "id is missing, or is neither",
		`{"id": 1, "trigger_ref": "core.rruletimer"}`:                                     "this sensor serves",
		`{"id": 1, "trigger_ref": "core.intervaltimer", "config": []}`:                    "it is not what a rule looks like",
		`{"id": 1, "trigger_ref": "core.crontimer"}`:                                      "expression is missing",
		`{"id": 1, "trigger_ref": "core.crontimer", "config": {"expression": "* * * *"}}`: "it has 4 fields",
	} {
		_, name, err := readRule(json.RawMessage(text), 3)
		if err == nil || !strings.Contains(err.Error(), want) || name == "" {
			t.Errorf("%s: %s: %v; want %q", text, name, err, want)
		}
	}
}

func TestARule(t *testing.T) {
	r, name, err := readRule(json.RawMessage(`{"id": "u-1", "ref": "a.b", "trigger_ref": "core.intervaltimer",
		"config": {"interval": 1, "intervall": 2}, "enabled": true}`), 0)
	if err != nil || name != "a.b" || r.instance() != "rule_u-1" || !slices.Equal(r.ignored, []string{"intervall"}) {
		t.Fatal(r, name, err)
	}
}
