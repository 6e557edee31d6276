// Command kustomize-judge prints kustomizations and what kustomize builds of them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
)

func main() {
	number := flag.Int("n", 900, "how many kustomizations")
	seed := flag.Uint64("seed", 1, "which ones")
	dirs := flag.Bool("dirs", false, "build every kustomization below the named folders instead")
	flag.Parse()
	stderr := os.Stderr
	var err error
	if *dirs {
		err = judgeFolders(os.Stdout, flag.Args())
	} else {
		err = judgeDrawn(os.Stdout, *number, *seed)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		os.Exit(1)
	}
}

// drawn is a line: the files of a case, the folder that is built, and what becomes of it.
type drawn struct {
	Root  string            `json:"root"`
	Files map[string]string `json:"files"`
	answer
}

func judgeDrawn(to io.Writer, number int, seed uint64) error {
	lines, err := newLines(to)
	if err != nil {
		return err
	}
	for at := range number {
		// Each case has numbers of its own, so that a change to one form leaves the others as they are.
		if err := lines.Encode(draw(rand.New(rand.NewPCG(seed, uint64(at))))); err != nil {
			return err
		}
	}
	return lines.Flush()
}

// draw draws a case. Most of those that kustomize refuses without being meant to are drawn again.
func draw(random *rand.Rand) drawn {
	for {
		it := generate(random)
		answer := judge(inMemory(it.files), it.root)
		if answer.Error == "" || it.isSpoilt || random.IntN(3) == 0 {
			return drawn{it.root, it.files, answer}
		}
	}
}

// lines writes a value a line.
type lines struct {
	*json.Encoder
	*bufio.Writer
}

func newLines(to io.Writer) (*lines, error) {
	out := bufio.NewWriter(to)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &lines{encoder, out}, quieten()
}
