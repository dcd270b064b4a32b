package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// world is a clock that tests turn, timers that go by it, and what they did.
type world struct {
	now    moment
	timers *timers
	events []*event
	log    bytes.Buffer
}

func newWorld(t testing.TB) *world {
	w := &world{now: moment{wall: date(t, "2030-01-01T00:00:00Z"), steady: time.Second}}
	w.timers = newTimers(
		func() moment { return w.now },
		"core.interval_timer_sensor",
		func(e *event) { w.events = append(w.events, e) },
		newLogger(&w.log, slog.LevelInfo),
	)
	return w
}

// add sets the timer of a rule.
func (w *world) add(t testing.TB, id int, trigger, config string) {
	t.Helper()
	text := fmt.Sprintf(`{"id": %d, "ref": "test.rule_%d", "trigger_ref": "core.%s", "config": %s}`, id, id, trigger, config)
	r, name, err := readRule(json.RawMessage(text), 0)
	if err == nil {
		err = w.timers.add(r, w.now)
	}
	if err != nil {
		t.Fatal(name, err)
	}
}

// pass lets time go by on both clocks, served every step.
func (w *world) pass(all, step time.Duration) {
	for passed := time.Duration(0); passed < all; passed += step {
		w.now.wall, w.now.steady = w.now.wall.Add(step), w.now.steady+step
		w.timers.serve()
	}
}

// set changes the wall clock alone: it was set, or went on while the machine slept.
func (w *world) set(by time.Duration) {
	w.now.wall = w.now.wall.Add(by)
	w.timers.serve()
}

// taken are the payloads since the last call.
func (w *world) taken(t testing.TB) (payloads []map[string]any) {
	t.Helper()
	for _, each := range w.events {
		var body struct{ Payload map[string]any }
		if err := json.Unmarshal(each.body, &body); err != nil {
			t.Fatal(err)
		}
		payloads = append(payloads, body.Payload)
	}
	w.events = nil
	return payloads
}

func wantCount(t *testing.T, payloads []map[string]any, want int) {
	t.Helper()
	if len(payloads) != want {
		t.Fatalf("%d events instead of %d: %v", len(payloads), want, payloads)
	}
}

func TestWhatAnIntervalTimerSends(t *testing.T) {
	w := newWorld(t)
	w.add(t, 7, "intervaltimer", `{"unit": "minutes", "interval": 2}`)
	w.pass(4*time.Minute, time.Second)
	want := `{"trigger_ref":"core.intervaltimer","trigger_instance_id":"rule_7","payload":{"type":"interval",` +
		`"interval_seconds":120,"fired_at":"2030-01-01T00:04:00.000000Z","execution_count":2,` +
		`"sensor_ref":"core.interval_timer_sensor"}}`
	if len(w.events) != 2 || string(w.events[1].body) != want {
		t.Fatalf("%s", w.events[len(w.events)-1].body)
	}
}

func TestWhatACronTimerSends(t *testing.T) {
	w := newWorld(t)
	w.add(t, 7, "crontimer", `{"expression": "0 30 6 * * *", "timezone": "Asia/Kolkata"}`)
	w.pass(2*time.Hour, 700*time.Millisecond)
	want := `{"trigger_ref":"core.crontimer","trigger_instance_id":"rule_7","payload":{"type":"cron",` +
		`"fired_at":"2030-01-01T01:00:00.100000Z","scheduled_at":"2030-01-01T01:00:00.000000Z",` +
		`"expression":"0 30 6 * * *","timezone":"Asia/Kolkata","next_fire_at":"2030-01-02T01:00:00.000000Z",` +
		`"execution_count":1,"sensor_ref":"core.interval_timer_sensor"}}`
	if len(w.events) != 1 || string(w.events[0].body) != want {
		t.Fatalf("%s", w.events[0].body)
	}
}

func TestWhatAOneShotTimerSends(t *testing.T) {
	w := newWorld(t)
	w.add(t, 7, "datetimetimer", `{"fire_at": "2030-01-01T01:00:00", "timezone": "Europe/London"}`)
	w.pass(2*time.Hour, 700*time.Millisecond)
	want := `{"trigger_ref":"core.datetimetimer","trigger_instance_id":"rule_7","payload":{"type":"one_shot",` +
		`"fire_at":"2030-01-01T01:00:00.000000Z","fired_at":"2030-01-01T01:00:00.100000Z",` +
		`"timezone":"Europe/London","delay_ms":100,"sensor_ref":"core.interval_timer_sensor"}}`
	if len(w.events) != 1 || string(w.events[0].body) != want {
		t.Fatalf("%s", w.events[0].body)
	}
}

func TestADateThatHasJustPassedFiresAtOnce(t *testing.T) {
	w := newWorld(t)
	w.add(t, 1, "datetimetimer", `{"fire_at": "2029-12-31T23:58:00Z"}`)
	w.timers.serve()
	payloads := w.taken(t)
	wantCount(t, payloads, 1)
	if payloads[0]["delay_ms"] != 120_000.0 {
		t.Fatal(payloads)
	}
}

// Ten thousand timers over ten minutes: each fires when it should, none is lost or doubled.
func TestTenThousandTimers(t *testing.T) {
	w := newWorld(t)
	for id := range 10_000 {
		w.add(t, id, "intervaltimer", fmt.Sprintf(`{"interval": %d}`, 30+id%300))
	}
	start := w.now.wall
	counts := map[string]int{}
	w.timers.emit = func(e *event) {
		counts[e.rule.id]++
		every := e.rule.schedule.(*interval).every
		if passed := w.now.wall.Sub(start); passed != time.Duration(counts[e.rule.id])*every {
			t.Fatalf("rule %s, every %s: firing %d after %s", e.rule.id, every, counts[e.rule.id], passed)
		}
	}
	w.pass(10*time.Minute, time.Second)
	for id := range 10_000 {
		if want := 600 / (30 + id%300); counts[fmt.Sprint(id)] != want {
			t.Fatalf("rule %d fired %d times instead of %d", id, counts[fmt.Sprint(id)], want)
		}
	}
}

func TestAMachineThatWasBusyMakesUp(t *testing.T) {
	w := newWorld(t)
	w.add(t, 1, "intervaltimer", `{"interval": 1}`)
	w.add(t, 2, "crontimer", `{"expression": "* * * * * *"}`)
	w.pass(45*time.Second, 45*time.Second)
	payloads := w.taken(t)
	wantCount(t, payloads, 90)
	if payloads[44]["execution_count"] != 45.0 || payloads[45]["scheduled_at"] != "2030-01-01T00:00:01.000000Z" {
		t.Fatal(payloads[44:46])
	}
	w.pass(2*time.Second, time.Second)
	wantCount(t, w.taken(t), 4)
}

func TestAProcessThatWasStoppedForLongIsNotFlooded(t *testing.T) {
	w := newWorld(t)
	w.add(t, 1, "intervaltimer", `{"interval": 7}`)
	w.add(t, 2, "crontimer", `{"expression": "*/7 * * * * *"}`)
	w.pass(time.Hour, time.Hour)
	wantCount(t, w.taken(t), 0)
	if text := w.log.String(); strings.Count(text, "not made up for") != 2 || !strings.Contains(text, `"late_seconds":3593`) {
		t.Fatal(text)
	}
	// 3600 seconds are 514 intervals and 2 seconds: the timer keeps its beat.
	w.pass(4*time.Second, time.Second)
	wantCount(t, w.taken(t), 0)
	w.pass(time.Second, time.Second)
	wantCount(t, w.taken(t), 1)
}

// The steady clock stands still in the meantime: intervals go on where they were, cron times have passed.
func TestAMachineThatSlept(t *testing.T) {
	w := newWorld(t)
	w.add(t, 1, "intervaltimer", `{"interval": 10}`)
	w.add(t, 2, "crontimer", `{"expression": "0 0 * * * *"}`)
	w.add(t, 3, "datetimetimer", `{"fire_at": "2030-01-01T02:00:00Z"}`)
	w.pass(5*time.Second, time.Second)
	w.set(8*time.Hour + 10*time.Minute)
	payloads := w.taken(t)
	wantCount(t, payloads, 1)
	if payloads[0]["type"] != "one_shot" || payloads[0]["delay_ms"] != 22_205_000.0 {
		t.Fatal(payloads)
	}
	w.pass(5*time.Second, time.Second)
	wantCount(t, w.taken(t), 1)
	w.pass(50*time.Minute, time.Second)
	payloads = w.taken(t)
	wantCount(t, payloads, 301)
	if !strings.Contains(fmt.Sprint(payloads), "2030-01-01T09:00:00") {
		t.Fatal("no event of nine o'clock")
	}
	if text := w.log.String(); !strings.Contains(text, `"change_seconds":29400`) {
		t.Fatal(text)
	}
}

func TestAClockThatIsCorrectedDoublesNothing(t *testing.T) {
	w := newWorld(t)
	w.add(t, 1, "crontimer", `{"expression": "0 * * * * *"}`)
	w.add(t, 2, "intervaltimer", `{"interval": 60}`)
	w.pass(time.Minute, time.Second)
	wantCount(t, w.taken(t), 2)
	w.set(-30 * time.Second)
	w.pass(time.Minute, time.Second)
	payloads := w.taken(t)
	wantCount(t, payloads, 1)
	if payloads[0]["type"] != "interval" {
		t.Fatal("the minute came twice")
	}
	w.pass(30*time.Second, time.Second)
	wantCount(t, w.taken(t), 1)
}

func TestAClockThatIsSetBackByHoursRepeatsThem(t *testing.T) {
	w := newWorld(t)
	w.add(t, 1, "crontimer", `{"expression": "0 0 * * * *"}`)
	w.add(t, 2, "datetimetimer", `{"fire_at": "2030-01-01T03:30:00Z"}`)
	w.pass(3*time.Hour, time.Second)
	wantCount(t, w.taken(t), 3)
	w.set(-2 * time.Hour)
	w.pass(3*time.Hour, time.Second)
	payloads := w.taken(t)
	wantCount(t, payloads, 4)
	if payloads[0]["scheduled_at"] != "2030-01-01T02:00:00.000000Z" || payloads[2]["type"] != "one_shot" {
		t.Fatal(payloads)
	}
}

func TestHowLongNothingIsDue(t *testing.T) {
	w := newWorld(t)
	if pause := w.timers.pause(); pause != time.Hour {
		t.Fatal(pause)
	}
	w.add(t, 1, "intervaltimer", `{"unit": "minutes", "interval": 1}`)
	if pause := w.timers.pause(); pause != time.Minute {
		t.Fatal(pause)
	}
	w.add(t, 2, "datetimetimer", `{"fire_at": "2030-01-01T00:00:30Z"}`)
	if pause := w.timers.pause(); pause != time.Second {
		t.Fatal("the wall clock is not looked at every second:", pause)
	}
	w.now.steady += 2 * time.Minute
	if pause := w.timers.pause(); pause != 0 {
		t.Fatal(pause)
	}
}

func TestTheLoopEndsWithItsContext(t *testing.T) {
	w := newWorld(t)
	w.timers.clock = systemClock()
	w.add(t, 1, "intervaltimer", `{"interval": 1}`)
	ctx, cancel := context.WithCancel(context.Background())
	w.timers.emit = func(*event) { cancel() }
	w.timers.run(ctx)
}

// A thousand rules that start together fire a millisecond apart.
func TestRulesAreKeptApart(t *testing.T) {
	if stagger(0) != 0 || stagger(999) != 999*time.Millisecond || stagger(1000) != 0 {
		t.Fatal(stagger(0), stagger(999), stagger(1000))
	}
}

// One second's work for ten thousand rules of one second.
func BenchmarkTenThousandFirings(b *testing.B) {
	w := newWorld(b)
	for id := range 10_000 {
		w.add(b, id, "intervaltimer", `{"interval": 1}`)
	}
	w.timers.emit = func(*event) {}
	for b.Loop() {
		w.pass(time.Second, time.Second)
	}
}
