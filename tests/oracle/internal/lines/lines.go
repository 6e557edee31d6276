// Package lines writes values as lines of JSON.
package lines

import (
	"bufio"
	"encoding/json"
	"io"
)

// Writer writes one value per line; Flush must be called after the last one.
type Writer struct {
	buffer  *bufio.Writer
	encoder *json.Encoder
}

// NewWriter returns a Writer that writes to target.
func NewWriter(target io.Writer) *Writer {
	buffer := bufio.NewWriter(target)
	encoder := json.NewEncoder(buffer)
	// The lines are read by people, too, and never become part of a web page.
	encoder.SetEscapeHTML(false)
	return &Writer{buffer: buffer, encoder: encoder}
}

// Write appends the value as one compact line.
func (w *Writer) Write(value any) error {
	return w.encoder.Encode(value)
}

// Flush writes what is still buffered.
func (w *Writer) Flush() error {
	return w.buffer.Flush()
}
