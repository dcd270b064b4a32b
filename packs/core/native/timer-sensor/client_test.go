package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// apiOf serves the handler as the API, and is a client of it.
func apiOf(t *testing.T, handler http.HandlerFunc) *client {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := newClient(server.URL, "the first token", func(string) {}, bytes.Clone)
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

func TestWhatIsSent(t *testing.T) {
	c := apiOf(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := fmt.Sprintln(r.Method, r.URL, r.Header["Authorization"], r.Header["Content-Type"], string(body))
		if got != "POST /api/v1/events [Bearer the first token] [application/json] {\"a\":1}\n" {
			t.Error(got)
		}
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"data": {"id": 1}}`)
	})
	if err := c.createEvent(context.Background(), []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
}

// Of twenty requests that are refused together, one asks for a new token, and all succeed with it.
func TestATokenThatRanOut(t *testing.T) {
	var refreshes atomic.Int32
	c := apiOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch token := r.Header.Get("Authorization"); {
		case r.URL.Path == "/api/v1/auth/refresh":
			refreshes.Add(1)
			io.WriteString(w, `{"data": {"token": "the second token", "expires_at": "2030-01-01T00:00:00Z"}}`)
		case token != "Bearer the second token":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.WriteHeader(http.StatusCreated)
		}
	})
	var told []string
	c.newToken = func(token string) { told = append(told, token) }
	var all sync.WaitGroup
	for range 20 {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := c.createEvent(context.Background(), nil); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	if refreshes.Load() != 1 || len(told) != 1 {
		t.Fatal(refreshes.Load(), told)
	}
}

func TestATokenThatIsNotExchanged(t *testing.T) {
	for answer, want := range map[string]string{
		`{"data": {}}`: "the answer holds no token",
		`<html>`:       "the answer is no JSON",
		`403`:          "403 Forbidden: no",
	} {
		c := apiOf(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/api/v1/events":
				w.WriteHeader(http.StatusUnauthorized)
			case answer == "403":
				http.Error(w, `{"error": "no"}`, http.StatusForbidden)
			default:
				io.WriteString(w, answer)
			}
		})
		err := c.createEvent(context.Background(), nil)
		if err == nil || !strings.HasSuffix(err.Error(), want) || !strings.Contains(err.Error(), "the token was refused") {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

func TestWhichAnswersAreFinal(t *testing.T) {
	for status, final := range map[int]bool{
		400: true, 403: true, 404: true, 422: true, 307: true,
		401: false, 408: false, 429: false, 500: false, 502: false, 503: false,
	} {
		c := apiOf(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(status)
		})
		err := c.post(context.Background(), "/api/v1/events", "token", nil, nil)
		if !isStatus(err, status) || isFinal(err) != final || retryAfter(err) != 7*time.Second {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// An error says what happened, and neither the address nor the token.
func TestAnAPIThatIsNotThere(t *testing.T) {
	c := newClient("http://user:password@127.0.0.1:1/base", "the token", nil, bytes.Clone)
	err := c.createEvent(context.Background(), nil)
	if err == nil || isFinal(err) || !strings.Contains(err.Error(), "refused") {
		t.Fatal(err)
	}
	for _, part := range []string{"user", "password", "base", "token"} {
		if strings.Contains(err.Error(), part) {
			t.Error(err)
		}
	}
}

func TestALongAnswerIsNotQuotedWhole(t *testing.T) {
	c := apiOf(t, func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, strings.Repeat("no\xff", 10_000), http.StatusBadRequest)
	})
	if err := c.createEvent(context.Background(), nil); err == nil || len(err.Error()) > 200 {
		t.Fatal(err)
	}
}

func TestAPieceOfATokenIsNotQuoted(t *testing.T) {
	token := strings.Repeat("secret", 50)
	for _, answer := range []string{token, `{"error": "it was ` + token + `"}`, `{"error": {"token": "` + token + `"}}`} {
		c := apiOf(t, func(w http.ResponseWriter, r *http.Request) { http.Error(w, answer, http.StatusForbidden) })
		hidden := &veil{}
		hidden.hide(token)
		c.conceal = hidden.conceal
		err := c.createEvent(context.Background(), nil)
		if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "***") {
			t.Error(err)
		}
	}
}
