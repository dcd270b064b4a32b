package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestALineOfTheLog(t *testing.T) {
	var written bytes.Buffer
	newLogger(&written, slog.LevelInfo).Warn("careful", "rule_id", "7")
	var line map[string]string
	if err := json.Unmarshal(written.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["level"] != "warn" || line["message"] != "careful" || line["rule_id"] != "7" {
		t.Fatal(line)
	}
	if at, err := time.Parse(time.RFC3339, line["timestamp"]); err != nil || time.Since(at) > time.Hour {
		t.Fatal(line)
	}
}

func TestSecretsDoNotGetIntoTheLog(t *testing.T) {
	var written bytes.Buffer
	hidden := &veil{to: &written}
	log := newLogger(hidden, slog.LevelInfo)
	secrets := []string{"ab\"c\\d&<>é", "plain-token"}
	for _, secret := range secrets {
		hidden.hide(secret)
	}
	hidden.hide("")
	hidden.hide("i") // too short: every line would be full of stars
	log.Error("it quotes plain-token", "error", `{"error": "`+escaped(secrets[0])+`"}`, "raw", secrets[0])
	text := written.String()
	if strings.Count(text, "***") != 3 || strings.Contains(text, "plain-token") || strings.Contains(text, "&<>") {
		t.Fatal(text)
	}
	if !json.Valid(written.Bytes()) {
		t.Fatal(text)
	}
}

func TestLevels(t *testing.T) {
	for name, want := range map[string]slog.Level{"": slog.LevelInfo, "TRACE": slog.LevelDebug, "Warning": slog.LevelWarn, "error": slog.LevelError} {
		if level, known := levelOf(name); !known || level != want {
			t.Error(name, level)
		}
	}
	if level, known := levelOf("loud"); known || level != slog.LevelInfo {
		t.Error(level)
	}
}

func TestSparing(t *testing.T) {
	s := newSparing(time.Hour)
	for range 3 {
		s.ask("a")
	}
	if _, say := s.ask("b"); !say {
		t.Fatal("another kind is kept silent")
	}
	s.kinds["a"].last = time.Now().Add(-2 * time.Hour)
	if others, say := s.ask("a"); !say || others != 2 {
		t.Fatal(others, say)
	}
}
