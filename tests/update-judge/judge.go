package main

import (
	"slices"

	"edms-lint/validation-judge/server"
)

// answer says how a change was judged, and what is refused of it.
type answer struct {
	// As is `update`, or `create` of an object that is new, or `repair` of one that was refused before, too.
	As      string           `json:"as,omitempty"`
	Refused []server.Refusal `json:"refused,omitempty"`
}

type judge struct {
	server server.Server
	// Objects that were asked about before, by their texts, and what is refused of them.
	created map[string][]server.Refusal
}

func newJudge() judge {
	return judge{server.New(), map[string][]server.Refusal{}}
}

// answer judges a change. What replaces another object has to be accepted in its place, and where there is none.
func (j judge) answer(before, after []byte) (answer, error) {
	refused, err := j.create(after)
	if err != nil || before == nil {
		return answer{"create", refused}, err
	}
	known, err := j.create(before)
	if err != nil {
		return answer{}, err
	}
	if len(known) > 0 {
		// It was never stored, so there is nothing to update; that it is refused no further is all a change can do.
		return answer{"repair", without(refused, known)}, nil
	}
	update, err := j.server.Update(before, after)
	return answer{"update", append(without(update, refused), refused...)}, err
}

func (j judge) create(manifest []byte) ([]server.Refusal, error) {
	if known, ok := j.created[string(manifest)]; ok {
		return known, nil
	}
	refused, err := j.server.Create(manifest)
	if err == nil {
		j.created[string(manifest)] = refused
	}
	return refused, err
}

// without are the refusals of fields that are not among others.
func without(refused, others []server.Refusal) []server.Refusal {
	isAmong := func(it server.Refusal) bool {
		return slices.ContainsFunc(others, func(other server.Refusal) bool { return other.Field == it.Field })
	}
	return slices.DeleteFunc(slices.Clone(refused), isAmong)
}
