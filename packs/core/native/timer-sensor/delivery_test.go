package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// postOffice is a delivery whose sender the test decides on, with what it logged and delivered.
type postOffice struct {
	*delivery
	mu      sync.Mutex
	arrived []string
	log     bytes.Buffer
}

func newPostOffice(send func(context.Context, []byte) error) *postOffice {
	p := &postOffice{}
	arrived := func(e *event) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.arrived = append(p.arrived, fmt.Sprintf("%s.%d", e.rule.id, e.count))
	}
	p.delivery = newDelivery(send, arrived, newLogger(&veil{to: &p.log}, slog.LevelInfo))
	return p
}

func (p *postOffice) hand(rule string, count int64) {
	r := ruleOf(rule)
	p.add(newEvent(r, count, nil))
}

func ruleOf(id string) rule {
	return rule{id: id, ref: "test.rule_" + id, trigger: "core.intervaltimer"}
}

func TestARulesEventsKeepTheirOrder(t *testing.T) {
	tries := 0
	p := newPostOffice(func(context.Context, []byte) error {
		if tries++; tries == 2 || tries == 3 {
			return errors.New("a hiccup")
		}
		return nil
	})
	for count := range int64(4) {
		p.hand("1", count)
	}
	if left := p.stop(time.Minute); left != 0 || !slices.Equal(p.arrived, []string{"1.0", "1.1", "1.2", "1.3"}) {
		t.Fatal(left, p.arrived)
	}
	text := p.log.String()
	if strings.Count(text, "it is tried again") != 1 || strings.Count(text, "accepted again") != 1 {
		t.Fatal(text)
	}
}

func TestWhatIsRefusedIsNotTriedAgain(t *testing.T) {
	tries := 0
	p := newPostOffice(func(context.Context, []byte) error {
		tries++
		return &statusError{status: 403, said: "not yours"}
	})
	for count := range int64(3) {
		p.hand("1", count)
	}
	p.stop(time.Minute)
	if tries != 3 || p.lost.Load() != 3 || strings.Count(p.log.String(), "403 Forbidden: not yours") != 1 {
		t.Fatal(tries, p.lost.Load(), p.log.String())
	}
}

func TestAnOldEventIsGivenUp(t *testing.T) {
	p := newPostOffice(func(context.Context, []byte) error { return errors.New("away") })
	e := newEvent(ruleOf("1"), 1, nil)
	e.born = e.born.Add(-retryFor)
	p.add(e)
	if left := p.stop(time.Minute); left != 0 || p.lost.Load() != 1 {
		t.Fatal(left, p.lost.Load())
	}
	if text := p.log.String(); !strings.Contains(text, "could not be delivered in time") {
		t.Fatal(text)
	}
}

// While the API hangs the queue fills, and no further. Being told to stop it does not wait for the API.
func TestAFullQueueAndAnAPIThatHangs(t *testing.T) {
	p := newPostOffice(func(ctx context.Context, _ []byte) error {
		<-ctx.Done()
		return ctx.Err()
	})
	for id := range queueLimit + 500 {
		p.hand(fmt.Sprint(id%7), 1)
	}
	if p.lost.Load() != 500 || strings.Count(p.log.String(), "the queue is full") != 1 {
		t.Fatal(p.lost.Load(), p.log.String())
	}
	start := time.Now()
	if left := p.stop(50 * time.Millisecond); left != queueLimit || time.Since(start) > 10*time.Second {
		t.Fatal(left, time.Since(start))
	}
}

// A lane that rests after many tries does not sleep through the end.
func TestStoppingWakesALaneThatRests(t *testing.T) {
	failed := make(chan struct{}, 1)
	tries := 0
	p := newPostOffice(func(context.Context, []byte) error {
		if tries++; tries == 1 {
			failed <- struct{}{}
			return &statusError{status: 503, retryAfter: time.Hour}
		}
		return nil
	})
	p.hand("1", 1)
	<-failed
	if left := p.stop(time.Minute); left != 0 || p.accepted.Load() != 1 {
		t.Fatal(left)
	}
}

func TestPausesGrowAndDiffer(t *testing.T) {
	for tries, most := range map[int]time.Duration{1: firstRetry, 2: 2 * firstRetry, 9: 256 * firstRetry, 10: longestRetry, 500: longestRetry} {
		seen := map[time.Duration]bool{}
		for range 50 {
			pause := backoff(tries)
			if pause < most/2 || pause > most {
				t.Fatalf("after %d tries: %s", tries, pause)
			}
			seen[pause] = true
		}
		if len(seen) < 2 {
			t.Fatalf("after %d tries it is always the same", tries)
		}
	}
}
