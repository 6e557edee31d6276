package manifest

import (
	"bufio"
	"io"
)

// Files returns the paths that the arguments name, in their order.
//
// The argument "-" stands for the lines of the list, because a command line holds only so many paths.
func Files(arguments []string, list io.Reader) ([]string, error) {
	var files []string
	for _, argument := range arguments {
		if argument != "-" {
			files = append(files, argument)
			continue
		}
		lines := bufio.NewScanner(list)
		for lines.Scan() {
			if lines.Text() != "" {
				files = append(files, lines.Text())
			}
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
	}
	return files, nil
}
