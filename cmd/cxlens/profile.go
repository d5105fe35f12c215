package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"cxlens/internal/config"
	"cxlens/internal/flow"
	"cxlens/query/profile"
)

func newProfile() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "list, show, import, export and run saved profiles",
		Long: `A profile is a saved view: a query with parameters, its span of time, order,
limit and columns. Profiles of your own are TOML files in the configuration's
folder profiles; more can be read from the folders that profile_dirs names, and
ten come with the program.`,
		Example: `  cxlens profile list
  cxlens profile run scans --open capture.pcap
  cxlens profile run large-uploads --set min=10M --server lab --last 24h`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newProfileList(), newProfileShow(), newProfileImport(), newProfileExport(), newProfileRun())
	return cmd
}

// profiles is where profiles are, as the configuration says.
func profiles(cfg *config.Config) (profile.Store, error) {
	dirs, err := cfg.ProfileFolders()
	return profile.Store{Dir: config.ProfilesDir(), Further: dirs, MarksFile: config.FavouritesPath()}, err
}

// loadProfiles reads the configuration for it.
func loadProfiles() (profile.Store, error) {
	cfg, err := config.Load(config.Path())
	if err != nil {
		return profile.Store{}, err
	}
	return profiles(cfg)
}

func newProfileList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "list the profiles there are",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := loadProfiles()
			if err != nil {
				return err
			}
			entries, damaged := store.List()
			for _, line := range lines(errors.Join(damaged...)) {
				fmt.Fprintln(cmd.ErrOrStderr(), "cxlens:", flow.Clean(line))
			}
			out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(out, "NAME\tORIGIN\tDESCRIPTION")
			for _, e := range entries {
				fmt.Fprintf(out, "%s\t%s\t%s\n", e.Name, e.Origin, flow.Clean(e.Description))
			}
			if err := out.Flush(); err != nil || len(damaged) == 0 {
				return err
			}
			return errNoticed
		},
	}
}

func newProfileShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "show what a profile asks for",
		Args:  exactlyOne("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, err := loadProfiles()
			if err != nil {
				return err
			}
			e, err := store.Get(args[0])
			if err != nil {
				return err
			}
			asks, err := e.Asks()
			if err != nil {
				return err
			}
			return showProfile(cmd.OutOrStdout(), e, asks)
		},
	}
}

func showProfile(w io.Writer, e profile.Entry, asks []profile.Ask) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	limit, frozen := "", ""
	if e.Limit != 0 {
		limit = fmt.Sprint(e.Limit)
	}
	if e.Frozen != 0 {
		frozen = fmt.Sprint(e.Frozen)
	}
	origin := e.Origin.String()
	if e.Path != "" {
		origin += ", " + e.Path
	}
	for _, line := range [][2]string{
		{"name", e.Name},
		{"origin", origin},
		{"description", e.Description},
		{"query", e.Query},
		{"span", e.Span},
		{"order", strings.Join(e.Order, " ")},
		{"limit", limit},
		{"columns", strings.Join(e.Columns, " ")},
		{"widths", widthsText(e.Widths)},
		{"frozen", frozen},
		{"group", strings.Join(e.Group, " ")},
		{"metric", e.Metric},
		{"timeline", e.Timeline},
		{"theme", e.Theme},
		{"unknown keys", strings.Join(e.Unknown(), " ")},
	} {
		if line[1] != "" {
			fmt.Fprintf(out, "%s\t%s\n", line[0], flow.Clean(line[1]))
		}
	}
	for _, a := range asks {
		value := "no default"
		if a.Default != "" {
			value = "default " + a.Default
		}
		fmt.Fprintf(out, "?%s\t%s\n", a.Name, flow.Clean(fmt.Sprintf("%s, %s: %s", a.Type, value, a.Prompt)))
	}
	return out.Flush()
}

// widthsText lists the widths of columns.
func widthsText(widths map[string]int) string {
	words := make([]string, 0, len(widths))
	for _, name := range slices.Sorted(maps.Keys(widths)) {
		words = append(words, fmt.Sprintf("%s=%d", name, widths[name]))
	}
	return strings.Join(words, " ")
}

func newProfileImport() *cobra.Command {
	var name string
	var force bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "save a profile from a file as one of your own; - is standard input",
		Example: `  cxlens profile import scans-dmz.toml
  cxlens profile export scans | cxlens profile import --name my-scans -`,
		Args: exactlyOne("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, err := loadProfiles()
			if err != nil {
				return err
			}
			if name == "" {
				if args[0] == "-" {
					return usagef("standard input has no name: give the profile one with --name NAME")
				}
				name = strings.TrimSuffix(filepath.Base(args[0]), ".toml")
			}
			if err := profile.CheckName(name); err != nil {
				return usageError{fmt.Errorf("%w; choose one with --name NAME", err)}
			}
			p, err := readProfile(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			err = store.Save(name, p, force)
			if errors.Is(err, profile.ErrExists) {
				return fmt.Errorf("%w; --force replaces it, --name NAME saves under another one", err)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "`name` of the profile (default: the file's)")
	cmd.Flags().BoolVar(&force, "force", false, "replace a profile of your own of that name")
	return cmd
}

// readProfile reads a profile from a file, or from stdin for "-".
func readProfile(stdin io.Reader, path string) (*profile.Profile, error) {
	in, shown := stdin, "standard input"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("import a profile: %w", err)
		}
		defer f.Close()
		in, shown = f, path
	}
	data, err := io.ReadAll(io.LimitReader(in, profile.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("import a profile from %s: %w", shown, err)
	}
	p, err := profile.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return p, nil
}

func newProfileExport() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:     "export NAME [FILE]",
		Short:   "write a profile as TOML to standard output or a file",
		Example: "  cxlens profile export beacons team/beacons.toml",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 || len(args) == 2 {
				return nil
			}
			return usagef("%s takes a NAME and at most one FILE, not %d arguments", cmd.CommandPath(), len(args))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			store, err := loadProfiles()
			if err != nil {
				return err
			}
			e, err := store.Get(args[0])
			if err != nil {
				return err
			}
			data, err := e.Marshal()
			if err != nil {
				return err
			}
			if len(args) == 1 || args[1] == "-" {
				_, err = cmd.OutOrStdout().Write(data)
				return err
			}
			if _, err := os.Lstat(args[1]); err == nil && !force {
				return fmt.Errorf("%s exists; --force replaces it", args[1])
			}
			if err := renameio.WriteFile(args[1], data, 0o644); err != nil {
				return fmt.Errorf("export profile %s: %w", args[0], err)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace a file that exists")
	return cmd
}
