// The timer sensor of the Attune core pack: it creates an event whenever a rule's timer is due.
//
// Where to find what, in the order of an event's life:
//
//	config.go      what the sensor is told: environment and stdin
//	rules.go       a rule's JSON becomes a rule with a schedule
//	schedule.go    what a schedule is; interval.go, cron*.go, oneshot.go are the three there are
//	timers.go      the heap of timers, and the loop that serves them; clock.go has the two clocks
//	event.go       an event, ready to be sent
//	delivery.go    the queue: order, retries, what is dropped
//	client.go      HTTP: the API's calls, and the token
//	log.go         JSON lines without secrets
//
// It needs nothing but Go's standard library. To build it for this machine, in this folder:
//
//	CGO_ENABLED=0 go build -trimpath -o ../../sensors/attune-core-timer-sensor .
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const program = "attune-core-timer-sensor"

// version is set when the sensor is built: -ldflags "-X main.version=1.0.0".
var version = "unversioned"

// Exit statuses.
const (
	statusOK       = 0
	statusSettings = 1
	statusUsage    = 2
)

const (
	// flushTime is for the events that wait when the sensor is told to stop.
	flushTime = 500 * time.Millisecond
	// stopTime is when it is gone in any case, even if nobody reads its log.
	stopTime = 900 * time.Millisecond
)

func main() {
	os.Exit(start(os.Args[1:], os.Stdout, os.Stderr))
}

// start deals with the arguments.
func start(arguments []string, stdout, stderr io.Writer) int {
	if len(arguments) == 0 {
		return serve(stderr)
	}
	switch arguments[0] {
	case "-h", "--help":
		printHelp(stdout)
	case "-V", "--version":
		fmt.Fprintln(stdout, program, version)
	default:
		// Not quoted: somebody may have tried to hand over a token.
		fmt.Fprintf(stderr, "%s takes no arguments but --help and --version\n", program)
		return statusUsage
	}
	return statusOK
}

// serve is the sensor's life.
func serve(stderr io.Writer) int {
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer release()
	context.AfterFunc(ctx, func() {
		release() // a second signal ends the sensor as it would any program
		time.AfterFunc(stopTime, func() { os.Exit(statusOK) })
	})
	hidden := &veil{to: stderr}
	c, err := readConfig(ctx)
	if ctx.Err() != nil {
		return statusOK
	}
	if err != nil {
		newLogger(hidden, slog.LevelInfo).Error("the sensor cannot start", "error", err)
		return statusSettings
	}
	for _, secret := range c.secrets {
		hidden.hide(secret)
	}
	log := newLogger(hidden, c.level)
	api := newClient(c.base, c.token, func(token string) {
		hidden.hide(token)
		log.Info("the API gave a new token for the old one")
	}, hidden.conceal)
	run(ctx, c, api, log)
	return statusOK
}

// readConfig looks at the environment, and at stdin where that does not say enough.
func readConfig(ctx context.Context) (*config, error) {
	given := fromEnvironment(os.Getenv)
	var unknown []string
	if !given.complete() && !isTerminal(os.Stdin) {
		object, err := readObject(ctx, os.Stdin)
		if err != nil {
			return nil, err
		}
		unknown = given.merge(object)
	}
	c, err := configure(given)
	if err != nil {
		return nil, err
	}
	for _, name := range unknown {
		c.remarks = append(c.remarks, "on stdin, a name that means nothing here: "+shortened(name))
	}
	return c, nil
}

// isTerminal is also true of /dev/null and its like: there is nothing to wait for.
func isTerminal(file *os.File) bool {
	facts, err := file.Stat()
	return err != nil || facts.Mode()&os.ModeCharDevice != 0
}

// run serves the rules until the context ends, then sends what waits.
func run(ctx context.Context, c *config, api *client, log *slog.Logger) {
	log.Info("the timer sensor starts", "version", version, "sensor_ref", c.sensorRef, "sensor_id", c.sensorID,
		"api_url", c.base, "rules", len(c.rules))
	remark(c, log)
	fired, err := openMemory(c.artifacts)
	if err != nil {
		log.Warn("what has fired before is not known", "error", err)
	}
	arrived := func(e *event) {
		if err := fired.add(e.rule); err != nil {
			log.Warn("that the date has fired could not be noted", "rule_id", e.rule.id, "error", err)
		}
	}
	queue := newDelivery(api.createEvent, arrived, log)
	clock := systemClock()
	all := newTimers(clock, c.sensorRef, queue.add, log)
	now := clock()
	set := setTimers(all, c, fired, now, log)
	log.Info("the timers run", "timers", set, "rules_refused", len(c.rules)-set, "counted_from", timestamp(now.wall))

	all.run(ctx)

	left := queue.stop(flushTime)
	log.Info("the timer sensor stops", "events_accepted", queue.accepted.Load(), "events_lost", queue.lost.Load()+left)
}

// remark says what the operator should know.
func remark(c *config, log *slog.Logger) {
	for _, each := range c.remarks {
		log.Warn(each)
	}
	if c.hasQueue {
		log.Warn("ATTUNE_MQ_URL is set, but changes of rules are not followed: " +
			"the rules are those of ATTUNE_SENSOR_TRIGGERS until the sensor is started again")
	}
	if len(c.rules) == 0 {
		log.Warn("ATTUNE_SENSOR_TRIGGERS names no rules: there is nothing to do")
	}
}

// setTimers sets the timer of every rule that makes sense, and says of the others what is wrong. It returns how many
// timers there are.
func setTimers(all *timers, c *config, fired *memory, now moment, log *slog.Logger) (count int) {
	seen := map[string]bool{}
	for position, raw := range c.rules {
		r, name, err := readRule(raw, position)
		switch {
		case err != nil:
		case seen[r.id]:
			err = errors.New("another rule has the same id")
		case fired.has(r):
			err = errors.New("its date has fired already")
		default:
			seen[r.id] = true
			err = all.add(r, moment{now.wall, now.steady + stagger(position)})
		}
		if err != nil {
			log.Error("a rule is left out", "rule", shortened(name), "rule_id", r.id, "error", err)
			continue
		}
		count++
		log.Debug("a timer is set", "rule", name, "rule_id", r.id, "trigger_ref", r.trigger)
		if len(r.ignored) > 0 {
			log.Warn("parameters that the trigger does not have are ignored", "rule", name, "rule_id", r.id,
				"parameters", r.ignored)
		}
	}
	return count
}
