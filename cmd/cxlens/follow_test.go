package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestFollowLive: new flows of a node come by themselves, can be held, push out the oldest beyond the limit, and
// go on to come when the server was lost and is back.
func TestFollowLive(t *testing.T) {
	t.Parallel()
	srv, files := startServer(t), newSpool(t)
	s := openScreen(t, terminal.Options{Env: home(t)}, srv.asClient()...)
	s.shows("no node has brought flows")
	s.press("L", "ctrl+u")
	s.enter("all limit 100")
	s.press("F")
	s.shows("following new flows, ")
	node := srv.startNode(t, "eth1", files.dir)
	node.logs("msg=connected")
	files.add(60, indexed)
	files.add(30, indexed)
	s.shows("90 matched", "90 here")
	s.press("E")
	s.shows("paused, 0 wait · E shows them")
	files.add(20, indexed)
	s.shows("paused, 20 wait")
	s.shows("110 matched", "90 here")
	s.press("E")
	s.shows("110 here", "following new flows, ")
	files.add(300, indexed)
	s.shows("410 matched", "100 here", "310 older rows cut")
	s.first("2026-11-20 08:06:49") // session 409, the newest

	srv.kill()
	s.shows("✗ lost", "connection lost")
	files.add(40, indexed)
	srv.start(t)
	s.shows("what is followed goes on")
	files.empties(0)
	s.first("2026-11-20 08:07:29") // session 449
	s.press("down")                // what was said goes
	s.shows("450 matched", "following new flows, ")
}
