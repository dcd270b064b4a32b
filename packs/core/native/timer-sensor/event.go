package main

import (
	"encoding/json"
	"hash/fnv"
	"time"
)

// event is one that waits for its delivery.
type event struct {
	rule  rule
	count int64     // which of the rule's events it is
	born  time.Time // with a reading of the monotonic clock: for its age
	body  []byte    // of the request
}

// eventBody is what POST /api/v1/events takes.
type eventBody struct {
	TriggerRef        string `json:"trigger_ref"`
	TriggerInstanceID string `json:"trigger_instance_id"`
	Payload           any    `json:"payload"`
}

func newEvent(r rule, count int64, payload any) *event {
	body, err := json.Marshal(eventBody{r.trigger, r.instance(), payload})
	if err != nil {
		panic(err) // payloads are structs of texts and numbers
	}
	return &event{rule: r, count: count, born: time.Now(), body: body}
}

// lane is the one of so many lanes that the rule's events take.
func (e *event) lane(lanes int) int {
	hash := fnv.New32a()
	hash.Write([]byte(e.rule.id))
	return int(hash.Sum32() % uint32(lanes))
}
