package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// memory knows which dates have fired, for as long as a date could be made up for: a sensor that is started again
// must not fire them twice. It is a file in the folder that the platform gives the sensor; without one it knows
// nothing.
type memory struct {
	mu    sync.Mutex
	path  string
	fired map[string]time.Time // by rule: the date
}

// openMemory reads the file, if there is one. The memory can be used even where there is an error.
func openMemory(folder string) (*memory, error) {
	m := &memory{fired: map[string]time.Time{}}
	if folder == "" {
		return m, nil
	}
	m.path = filepath.Join(folder, program+".fired.json")
	text, err := os.ReadFile(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &m.fired)
	}
	if m.fired == nil {
		m.fired = map[string]time.Time{}
	}
	return m, err
}

// has tells whether the rule has fired for its date.
func (m *memory) has(r rule) bool {
	date, isOneShot := r.schedule.(*oneShot)
	m.mu.Lock()
	defer m.mu.Unlock()
	return isOneShot && m.fired[r.id].Equal(date.at)
}

// add notes that the event of a date has arrived. Other events are none of its business.
func (m *memory) add(r rule) error {
	date, isOneShot := r.schedule.(*oneShot)
	if !isOneShot || m.path == "" {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, at := range m.fired {
		if time.Since(at) > 2*grace {
			delete(m.fired, id)
		}
	}
	m.fired[r.id] = date.at
	return m.save()
}

// save replaces the file in one step.
func (m *memory) save() error {
	text, err := json.Marshal(m.fired)
	if err != nil {
		return err
	}
	partial := m.path + ".partial"
	if err := os.WriteFile(partial, text, 0o600); err != nil {
		return err
	}
	return os.Rename(partial, m.path)
}
