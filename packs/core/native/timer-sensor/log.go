package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// newLogger writes JSON, one line each, with lower-case levels. Secrets that the veil knows do not get through.
func newLogger(to io.Writer, level slog.Level) *slog.Logger {
	replace := func(groups []string, a slog.Attr) slog.Attr {
		switch {
		case len(groups) > 0:
		case a.Key == slog.TimeKey:
			return slog.String("timestamp", timestamp(a.Value.Time()))
		case a.Key == slog.LevelKey:
			return slog.String("level", strings.ToLower(a.Value.String()))
		case a.Key == slog.MessageKey:
			a.Key = "message"
		}
		return a
	}
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: level, ReplaceAttr: replace}))
}

// levelOf takes a level's name as the platform writes it.
func levelOf(name string) (level slog.Level, known bool) {
	switch strings.ToLower(name) {
	case "trace", "debug":
		return slog.LevelDebug, true
	case "", "info":
		return slog.LevelInfo, true
	case "warn", "warning":
		return slog.LevelWarn, true
	case "error":
		return slog.LevelError, true
	}
	return slog.LevelInfo, false
}

// veil is a writer that puts *** for secrets. It is the last thing before stderr: whoever writes a message, and
// whatever an error quotes, a token does not appear.
type veil struct {
	mu      sync.Mutex
	to      io.Writer
	secrets [][]byte
}

// shortestSecret: hiding a shorter one would make the lines unreadable, and hide nothing.
const shortestSecret = 4

// hide adds a secret, also as it looks in JSON, and in a text of JSON that is quoted in JSON.
func (v *veil) hide(secret string) {
	if len(secret) < shortestSecret {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for range 3 {
		v.secrets = append(v.secrets, []byte(secret))
		inJSON := escaped(secret)
		if inJSON == secret {
			return
		}
		secret = inJSON
	}
}

// escaped is a text as it looks in a JSON string, without the quotes.
func escaped(text string) string {
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false) // the log does not either
	_ = encoder.Encode(text)
	return strings.TrimSuffix(strings.TrimPrefix(written.String(), `"`), "\"\n")
}

// conceal puts stars for the secrets in a text.
func (v *veil) conceal(text []byte) []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, secret := range v.secrets {
		text = bytes.ReplaceAll(text, secret, []byte("***"))
	}
	return text
}

// Write takes whole lines.
func (v *veil) Write(line []byte) (int, error) {
	if _, err := v.to.Write(v.conceal(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// sparing lets one message of each kind through in a while, and counts the others.
type sparing struct {
	mu    sync.Mutex
	every time.Duration
	kinds map[string]*told
}

type told struct {
	last   time.Time
	others int
}

func newSparing(every time.Duration) *sparing {
	return &sparing{every: every, kinds: map[string]*told{}}
}

// ask tells whether to say it now, and how often it was kept silent before.
func (s *sparing) ask(kind string) (others int, say bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.kinds[kind]
	if known == nil {
		known = &told{}
		s.kinds[kind] = known
	}
	if !known.last.IsZero() && time.Since(known.last) < s.every {
		known.others++
		return 0, false
	}
	others = known.others
	*known = told{last: time.Now()}
	return others, true
}
