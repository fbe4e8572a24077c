-- Names fold to other texts than before where they are not ASCII alone. Those without a folded name are folded in the
-- background; meanwhile they are found by the beginnings of their words as before.
UPDATE "users" SET "search_name" = NULL WHERE "display_name" ~ '[^ -~]';
