package main

import (
	"container/heap"
	"context"
	"log/slog"
	"time"
)

// timers holds every rule's timer, and serves those that are due.
//
// One goroutine does all of it. The timers of each clock are a heap with the earliest on top: looking what is
// due costs nothing, and setting a timer anew costs some steps among ten thousand timers (see the benchmark).
type timers struct {
	clock   clock
	agendas [clockKinds]agenda
	sensor  string
	emit    func(*event)
	log     *slog.Logger
	drift   time.Duration // of the clocks, as seen last
}

// timer is a rule with its next due time.
type timer struct {
	rule
	due   int64
	count int64
}

// agenda is a heap of the timers of one clock: heap.Interface.
type agenda []*timer

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].due < a[j].due }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)        { *a = append(*a, x.(*timer)) }

func (a *agenda) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	(*a)[last] = nil
	*a = (*a)[:last]
	return x
}

// newTimers starts with none. emit takes an event, and must not block.
func newTimers(clock clock, sensor string, emit func(*event), log *slog.Logger) *timers {
	return &timers{clock: clock, sensor: sensor, emit: emit, log: log, drift: clock().drift()}
}

// stagger keeps rules that start together apart: a thousand of them with the same interval would otherwise fire in
// the same instant, every time. It stays below a second.
func stagger(position int) time.Duration {
	return time.Duration(position%1000) * time.Millisecond
}

// add sets the timer of a rule, counted from the given moment.
func (t *timers) add(r rule, now moment) error {
	due, err := r.schedule.start(now)
	if err != nil {
		return err
	}
	heap.Push(&t.agendas[r.schedule.clock()], &timer{rule: r, due: due})
	return nil
}

// run serves the timers until the context ends.
func (t *timers) run(ctx context.Context) {
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-alarm.C:
		}
		t.serve()
		alarm.Reset(t.pause())
	}
}

// longestPause bounds the sleep when a timer of the wall clock waits: nobody tells when that clock is set.
const longestPause = time.Second

// pause is how long nothing will be due.
func (t *timers) pause() time.Duration {
	now := t.clock()
	pause := time.Hour
	for kind, a := range t.agendas {
		if len(a) > 0 {
			pause = min(pause, time.Duration(a[0].due-now.on(clockKind(kind))))
		}
	}
	if len(t.agendas[wallClock]) > 0 {
		pause = min(pause, longestPause)
	}
	return max(pause, 0)
}

// serve fires what is due, and notices when the wall clock was set.
func (t *timers) serve() {
	now := t.clock()
	t.compareClocks(now)
	for kind := range clockKinds {
		current := now.on(kind)
		for a := &t.agendas[kind]; len(*a) > 0 && (*a)[0].due <= current; {
			t.serveOne((*a)[0], current)
		}
	}
}

// serveOne fires the timer on top of its heap, or passes over what came too late, and sets it anew.
func (t *timers) serveOne(first *timer, current int64) {
	a := &t.agendas[first.schedule.clock()]
	var next int64
	var more bool
	if late := time.Duration(current - first.due); late > first.schedule.patience() {
		next, more = first.schedule.after(current)
		t.log.Warn("firings were missed and are not made up for", "rule", first.ref, "rule_id", first.id,
			"late_seconds", int64(late/time.Second))
	} else {
		next, more = first.schedule.after(first.due)
		t.fire(first, next, more)
	}
	if more {
		first.due = next
		heap.Fix(a, 0)
	} else {
		heap.Pop(a)
	}
}

func (t *timers) fire(which *timer, next int64, more bool) {
	which.count++
	now := t.clock().wall
	payload := which.schedule.payload(firing{which.due, next, more, now, which.count, t.sensor})
	t.emit(newEvent(which.rule, which.count, payload))
	t.log.Debug("fired", "rule", which.ref, "rule_id", which.id, "execution_count", which.count)
}

const (
	// noticeable is the change of the wall clock that is worth a line in the log.
	noticeable = time.Second
	// smallSetback is what a cron timer waits out. Its next due time stays, so that nothing fires twice because the
	// clock was corrected.
	smallSetback = time.Minute
)

// compareClocks finds out whether the wall clock was set, or went on while the machine slept. What became due by
// that is served like everything that is late. When the clock was set back, the timers look for their next time
// again.
func (t *timers) compareClocks(now moment) {
	change := now.drift() - t.drift
	t.drift = now.drift()
	if change.Abs() < noticeable {
		return
	}
	t.log.Info("the clock was set, or the machine slept", "change_seconds", change.Seconds())
	if change > -smallSetback {
		return
	}
	for _, each := range t.agendas[wallClock] {
		if next, ok := each.schedule.after(now.on(wallClock)); ok {
			each.due = next
		}
	}
	heap.Init(&t.agendas[wallClock])
}
