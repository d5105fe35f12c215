// Package profile is saved views: a query with parameters, its span of time, order, limit,
// columns, grouping, metric and theme. It reads and writes them as TOML, one file a profile,
// finds them in several folders, and makes a query of one when it runs.
//
// It may import query and internal/flow. The surprising thing: a file's name is the profile's
// name, and nothing in the file repeats it; a copied or renamed file is another profile.
package profile
