package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// connections is how many requests may be under way at once. One event a millisecond needs as many connections
// as the API takes milliseconds for one; they are opened as they are needed.
const connections = 32

// requestTimeout bounds one request, answer included.
const requestTimeout = 10 * time.Second

// client speaks to the Attune API.
type client struct {
	http     *http.Client
	base     string
	newToken func(string)        // is told every token that the API gives
	conceal  func([]byte) []byte // puts stars for secrets

	mu    sync.Mutex
	token string
}

// newClient takes the API's address without a slash at the end.
func newClient(base, token string, newToken func(string), conceal func([]byte) []byte) *client {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		MaxConnsPerHost:     connections,
		MaxIdleConns:        connections,
		MaxIdleConnsPerHost: connections,
		// Many servers hang up after 5 idle seconds. Sending into a connection that is just being closed fails,
		// and an event cannot be sent again without asking whether it came through: be the first to hang up.
		IdleConnTimeout:    4 * time.Second,
		DisableCompression: true,
	}
	// A redirect is for a person to follow: the token is meant for the API that was named.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{
		http:     &http.Client{Transport: transport, Timeout: requestTimeout, CheckRedirect: stay},
		base:     base,
		token:    token,
		newToken: newToken,
		conceal:  conceal,
	}
}

// createEvent delivers one event. A token that has run out is exchanged for a new one.
func (c *client) createEvent(ctx context.Context, body []byte) error {
	token := c.currentToken()
	err := c.post(ctx, "/api/v1/events", token, body, nil)
	if !isStatus(err, http.StatusUnauthorized) {
		return err
	}
	token, err = c.refresh(ctx, token)
	if err != nil {
		return fmt.Errorf("the token was refused, and no new one was given: %w", err)
	}
	return c.post(ctx, "/api/v1/events", token, body, nil)
}

func (c *client) currentToken() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}

// refresh exchanges the token that was refused. Of many requests that are refused at once, one does it.
func (c *client) refresh(ctx context.Context, refused string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != refused {
		return c.token, nil
	}
	var answer struct {
		Data struct {
			Token string `json:"token"`
		} `json:"data"`
	}
	if err := c.post(ctx, "/api/v1/auth/refresh", refused, []byte("{}"), &answer); err != nil {
		return "", err
	}
	if answer.Data.Token == "" {
		return "", errors.New("the answer holds no token")
	}
	c.token = answer.Data.Token
	c.newToken(c.token)
	return c.token, nil
}

// post sends JSON. answer takes that of the API; nil: nobody wants it.
func (c *client) post(ctx context.Context, path, token string, body []byte, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(body))
	if err != nil {
		return errors.New("the API's address makes no request")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", program+"/"+version)
	response, err := c.http.Do(request)
	if err != nil {
		return withoutAddress(err)
	}
	defer response.Body.Close()
	// Read to the end, or the connection cannot be used again; but nobody sends that much.
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if response.StatusCode < 200 || response.StatusCode > 299 {
		// Before it is cut: a piece of a token is a secret too.
		return newStatusError(response, c.conceal(text))
	}
	if answer == nil || err != nil {
		return err
	}
	if json.Unmarshal(text, answer) != nil {
		return errors.New("the answer is no JSON")
	}
	return nil
}

// withoutAddress leaves out what net/http says about the request: an address may hold a password.
func withoutAddress(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// statusError is an answer that is no success.
type statusError struct {
	status     int
	said       string
	retryAfter time.Duration
}

func newStatusError(response *http.Response, text []byte) *statusError {
	var body struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(text, &body) != nil || body.Error == "" {
		body.Error = string(text)
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return &statusError{
		status:     response.StatusCode,
		said:       shortened(strings.TrimSpace(strings.ToValidUTF8(body.Error, "?"))),
		retryAfter: time.Duration(min(max(seconds, 0), 60)) * time.Second,
	}
}

func (e *statusError) Error() string {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", e.status, http.StatusText(e.status)))
	if e.said == "" {
		return text
	}
	return text + ": " + e.said
}

func isStatus(err error, status int) bool {
	var refusal *statusError
	return errors.As(err, &refusal) && refusal.status == status
}

// isFinal tells that the same request would get the same answer again: it is wrong, forbidden, or about something
// that is not there. No answer, a server in trouble, a token that has run out: those pass.
func isFinal(err error) bool {
	var refusal *statusError
	if !errors.As(err, &refusal) || refusal.status >= 500 {
		return false
	}
	switch refusal.status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return true
}

// retryAfter is how long the API asks to be left alone, at most a minute.
func retryAfter(err error) time.Duration {
	var refusal *statusError
	if errors.As(err, &refusal) {
		return refusal.retryAfter
	}
	return 0
}
