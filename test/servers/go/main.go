// main PORT [IDLE]: Go's own HTTP server without any timeout, or with an IdleTimeout such as 2s.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	server := &http.Server{
		Addr: "127.0.0.1:" + os.Args[1],
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "ok\n")
		}),
	}
	if len(os.Args) > 2 {
		idle, err := time.ParseDuration(os.Args[2])
		if err != nil {
			log.Fatal(err)
		}
		server.IdleTimeout = idle
	}
	log.Fatal(server.ListenAndServe())
}
