// Package steps divides the values of a column that is measured, a time, a length of time, a count or a rate, into
// ranges that read well, so that a list of its values says more than each of them once.
//
// It imports internal/flow only, so that a store and a screen draw the same lines. The surprising thing: values and the
// ends of steps are kept as keys, whole numbers in the order of the values whatever these are, see Key; so one search
// serves all columns, and every value is in exactly one step.
package steps
