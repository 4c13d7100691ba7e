"""The public functions of `osw_stats`, by subject; `docs/front_door.md` introduces them all."""
