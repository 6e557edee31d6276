// Command mutate asks the API server's decoder about manifests in which one value has a wrong type.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"edms-lint/oracle/internal/lines"
	"edms-lint/oracle/internal/manifest"
)

// options are the flags of the command.
type options struct {
	count int
	seed  uint64
	judge bool
	// repeat makes an answer hold its question, so that a file of cases can be judged anew.
	repeat bool
}

func main() {
	var chosen options
	flag.IntVar(&chosen.count, "n", 1000, "how many mutations to print")
	flag.Uint64Var(&chosen.seed, "seed", 1, "what the random choices start from")
	flag.BoolVar(&chosen.judge, "judge", false, `judge the lines {"manifest": ...} of standard input instead`)
	flag.BoolVar(&chosen.repeat, "repeat", false, "with -judge: repeat the case before its verdict")
	flag.Usage = usage
	flag.Parse()
	if chosen.judge == (flag.NArg() > 0) {
		usage()
		os.Exit(2)
	}
	if err := run(chosen, flag.Args(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: mutate [-n COUNT] [-seed SEED] FILE... (- reads the list of files from standard input)")
	fmt.Fprintln(os.Stderr, "       mutate -judge [-repeat] < LINES")
	flag.PrintDefaults()
}

func run(chosen options, arguments []string, source io.Reader, target io.Writer) error {
	writer := lines.NewWriter(target)
	err := answer(chosen, arguments, source, writer)
	// What was answered before an error is written, because it shows how far the input was read.
	return errors.Join(err, writer.Flush())
}

func answer(chosen options, arguments []string, source io.Reader, writer *lines.Writer) error {
	if chosen.judge {
		return judgeLines(source, writer, chosen.repeat)
	}
	files, err := manifest.Files(arguments, source)
	if err != nil {
		return err
	}
	return generate(files, chosen.count, chosen.seed, writer)
}
