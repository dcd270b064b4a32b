package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// queueLimit is how many events may wait, those under way included. One that comes on top is dropped.
	queueLimit = 10_000
	// retryFor is the age up to which an event is tried again.
	retryFor = 5 * time.Minute
	// firstRetry is the pause before the second try; each further one is twice as long, up to longestRetry.
	firstRetry   = 100 * time.Millisecond
	longestRetry = 30 * time.Second
)

// delivery takes events from the timers to the API, and holds them while the API cannot be reached.
//
// Each rule's events go through one lane, one after the other: they arrive in the order in which they fired, and
// a rule that has trouble keeps only its lane waiting.
type delivery struct {
	send      func(context.Context, []byte) error
	arrived   func(*event)
	log       *slog.Logger
	sparing   *sparing
	lanes     []chan *event
	waiting   atomic.Int64 // in the lanes or under way
	accepted  atomic.Int64
	lost      atomic.Int64
	inTrouble atomic.Bool
	stopping  chan struct{} // closed: no long pauses any more
	abandon   context.CancelFunc
	workers   sync.WaitGroup
}

// newDelivery starts the lanes. send delivers one event; arrived hears of each that the API took.
func newDelivery(send func(context.Context, []byte) error, arrived func(*event), log *slog.Logger) *delivery {
	ctx, abandon := context.WithCancel(context.Background())
	d := &delivery{
		send:     send,
		arrived:  arrived,
		log:      log,
		sparing:  newSparing(time.Minute),
		stopping: make(chan struct{}),
		abandon:  abandon,
	}
	for range connections {
		lane := make(chan *event, queueLimit)
		d.lanes = append(d.lanes, lane)
		d.workers.Add(1)
		go func() {
			defer d.workers.Done()
			for e := range lane {
				d.deliver(ctx, e)
			}
		}()
	}
	return d
}

// add takes an event; it never blocks. Not to be called any more once stop was.
func (d *delivery) add(e *event) {
	if d.waiting.Add(1) > queueLimit {
		d.lose(e, "full", "the queue is full: the event is dropped", nil)
		return
	}
	d.lanes[e.lane(len(d.lanes))] <- e // has room for all that may wait
}

// deliver tries until the event is accepted, refused for good, or too old.
func (d *delivery) deliver(ctx context.Context, e *event) {
	for try := 1; ctx.Err() == nil; try++ {
		err := d.send(ctx, e.body)
		switch {
		case err == nil:
			d.succeed(e)
			return
		case ctx.Err() != nil:
			return // stopped: what still waits is counted at the end
		case isFinal(err):
			d.lose(e, "refused "+e.rule.id, "the API refused the event", err)
			return
		case time.Since(e.born) > retryFor:
			d.lose(e, "old", "the event could not be delivered in time", err)
			return
		}
		if !d.inTrouble.Swap(true) {
			d.log.Warn("an event was not accepted; it is tried again", "rule_id", e.rule.id, "error", err)
		}
		d.rest(ctx, max(backoff(try), retryAfter(err)))
	}
}

func (d *delivery) succeed(e *event) {
	d.waiting.Add(-1)
	d.accepted.Add(1)
	d.arrived(e)
	if d.inTrouble.Load() && d.inTrouble.Swap(false) {
		d.log.Info("events are accepted again", "waiting", d.waiting.Load())
	}
}

// lose drops an event and says so; of the same kind once a minute, for there may be thousands.
func (d *delivery) lose(e *event, kind, why string, err error) {
	d.waiting.Add(-1)
	d.lost.Add(1)
	others, say := d.sparing.ask(kind)
	if !say {
		return
	}
	attributes := []any{"rule", e.rule.ref, "rule_id", e.rule.id, "trigger_ref", e.rule.trigger, "execution_count", e.count}
	if err != nil {
		attributes = append(attributes, "error", err)
	}
	if others > 0 {
		attributes = append(attributes, "others_since_last_told", others)
	}
	d.log.Error(why, attributes...)
}

// backoff is the pause after so many tries: it doubles, and half of it is left to chance, so that the lanes do
// not all come back at once.
func backoff(tries int) time.Duration {
	pause := longestRetry
	if tries < 10 {
		pause = min(pause, firstRetry<<(tries-1))
	}
	return pause/2 + rand.N(pause/2)
}

// rest waits. Once the sensor stops there is only time for short pauses.
func (d *delivery) rest(ctx context.Context, pause time.Duration) {
	stopping := d.stopping
	select {
	case <-stopping:
		pause, stopping = min(pause, firstRetry/2), nil
	default:
	}
	alarm := time.NewTimer(pause)
	defer alarm.Stop()
	select {
	case <-alarm.C:
	case <-stopping:
	case <-ctx.Done():
	}
}

// stop delivers what waits, for so long at most. It returns how many events were left.
func (d *delivery) stop(within time.Duration) int64 {
	close(d.stopping)
	for _, lane := range d.lanes {
		close(lane)
	}
	deadline := time.AfterFunc(within, d.abandon)
	defer deadline.Stop()
	d.workers.Wait()
	return d.waiting.Load()
}
