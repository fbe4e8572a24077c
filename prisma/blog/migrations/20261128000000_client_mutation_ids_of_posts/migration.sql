-- A client mutation id of a comment counts for its post only. The columns are in this order for processes of the previous
-- version, which still look it up by the first two.

-- CreateIndex
CREATE UNIQUE INDEX "comment_author_id_client_mutation_id_post_id_key" ON "comment"("author_id", "client_mutation_id", "post_id");

-- DropIndex
DROP INDEX "comment_author_id_client_mutation_id_key";
