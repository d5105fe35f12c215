package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cxlens/internal/flow"
	"cxlens/internal/secret"
	"cxlens/internal/server/accounts"
)

// adminFlags are the flags of `cxlens admin`.
type adminFlags struct {
	dir         string
	level       accessLevel
	secretFile  string
	description string
}

func newAdmin() *cobra.Command {
	var f adminFlags
	cmd := &cobra.Command{
		Use:   "admin agent|client add|list|remove|rotate NAME --dir DIR",
		Short: "manage the server's accounts",
		Example: `  cxlens admin client add analyst --level 1 --dir /var/lib/cxlens
  cxlens admin agent add sensor-a --secret-file s --dir /var/lib/cxlens`,
	}
	cmd.PersistentFlags().StringVar(&f.dir, "dir", "", "the server's directory")
	_ = cmd.MarkPersistentFlagRequired("dir")
	cmd.AddCommand(newAdminKind(accounts.Agent, &f), newAdminKind(accounts.Client, &f))
	return cmd
}

func newAdminKind(kind accounts.Kind, f *adminFlags) *cobra.Command {
	cmd := &cobra.Command{Use: kind.String(), Short: fmt.Sprintf("manage %s accounts", kind)}
	add := &cobra.Command{
		Use: "add NAME", Short: fmt.Sprintf("add %s account", article(kind)), Args: exactlyOne("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error { return addAccount(cmd, kind, args[0], f) },
	}
	rotate := &cobra.Command{
		Use: "rotate NAME", Short: "give an account a new secret", Args: exactlyOne("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error { return rotateAccount(cmd, kind, args[0], f) },
	}
	for _, c := range []*cobra.Command{add, rotate} {
		c.Flags().StringVar(&f.secretFile, "secret-file", "", "file with the secret (default: a new one, printed once)")
	}
	add.Flags().StringVar(&f.description, "description", "", "a text shown to whoever logs in")
	if kind == accounts.Client {
		f.level = 1
		add.Flags().Var(&f.level, "level", fmt.Sprintf("access level, 0 to %d", accounts.MaxLevel))
	}
	cmd.AddCommand(add, rotate,
		&cobra.Command{
			Use: "list", Short: fmt.Sprintf("list the %s accounts", kind), Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return listAccounts(cmd, kind, f) },
		},
		&cobra.Command{
			Use: "remove NAME", Short: "remove an account", Args: exactlyOne("NAME"),
			RunE: func(_ *cobra.Command, args []string) error {
				file, err := accounts.Open(f.dir)
				if err != nil {
					return err
				}
				return file.Remove(kind, args[0])
			},
		})
	return cmd
}

func article(kind accounts.Kind) string {
	if kind == accounts.Agent {
		return "an agent"
	}
	return "a client"
}

func addAccount(cmd *cobra.Command, kind accounts.Kind, name string, f *adminFlags) error {
	account := accounts.Account{Name: name, Description: f.description}
	if kind == accounts.Client { // the default of the flag would be given to an agent too
		account.Level = int(f.level)
	}
	if err := makeDir(f.dir); err != nil { // accounts may come before the server's first start
		return err
	}
	return withSecret(cmd, f, func(file *accounts.File, given string) (string, error) {
		_, s, err := file.Add(kind, account, given)
		return s, err
	})
}

func rotateAccount(cmd *cobra.Command, kind accounts.Kind, name string, f *adminFlags) error {
	return withSecret(cmd, f, func(file *accounts.File, given string) (string, error) {
		return file.Rotate(kind, name, given)
	})
}

// withSecret carries out change with the secret of the file, or has it make one, which is printed once it is stored.
func withSecret(cmd *cobra.Command, f *adminFlags, change func(*accounts.File, string) (string, error)) error {
	file, err := accounts.Open(f.dir)
	if err != nil {
		return err
	}
	var given string
	if f.secretFile != "" {
		if given, err = secret.ReadFile(f.secretFile); err != nil {
			return err
		}
	}
	used, err := change(file, given)
	if err != nil || given != "" {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), used)
	return err
}

func listAccounts(cmd *cobra.Command, kind accounts.Kind, f *adminFlags) error {
	file, err := accounts.Open(f.dir)
	if err != nil {
		return err
	}
	list, err := file.List(kind)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tLEVEL\tCREATED\tDESCRIPTION")
	for _, a := range list {
		fmt.Fprintf(w, "%d\t%s\t%d\t%s\t%s\n", a.ID, flow.Clean(a.Name), a.Level,
			a.Created.UTC().Format("2006-01-02 15:04"), flow.Clean(a.Description))
	}
	return w.Flush()
}
