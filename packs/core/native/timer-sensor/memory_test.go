package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func dated(id string, at time.Time) rule {
	return rule{id: id, schedule: &oneShot{at: at.Truncate(time.Second)}}
}

func TestADateThatHasFiredIsRemembered(t *testing.T) {
	folder := t.TempDir()
	first, err := openMemory(folder)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, r := range []rule{dated("old", now.Add(-time.Hour)), dated("1", now), {id: "3", schedule: &interval{every: 1}}} {
		if err := first.add(r); err != nil {
			t.Fatal(err)
		}
	}
	second, err := openMemory(folder)
	if err != nil {
		t.Fatal(err)
	}
	if !second.has(dated("1", now)) || second.has(dated("1", now.Add(time.Minute))) || second.has(dated("2", now)) {
		t.Fatal(second.fired)
	}
	if second.has(rule{id: "3", schedule: &interval{every: 1}}) || len(second.fired) != 1 {
		t.Fatal(second.fired)
	}
}

func TestAMemoryThatIsBroken(t *testing.T) {
	folder := t.TempDir()
	for _, text := range []string{"{", "null", "[]"} {
		if err := os.WriteFile(filepath.Join(folder, program+".fired.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := openMemory(folder)
		if (err == nil) != (text == "null") || m.has(dated("1", time.Now())) {
			t.Fatal(text, err)
		}
		if err := m.add(dated("1", time.Now())); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNoFolderNoMemory(t *testing.T) {
	m, err := openMemory("")
	if err != nil || m.add(dated("1", time.Now())) != nil || m.has(dated("1", time.Now())) {
		t.Fatal(m, err)
	}
}
