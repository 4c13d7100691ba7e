"""What a researcher calls: the names of `osw_stats`, each in the module where it is used; `docs/front_door.md` has them all."""
