-- AlterTable
ALTER TABLE "moblog" ADD COLUMN     "hot" DOUBLE PRECISION,
ADD COLUMN     "newest_public_at" TIMESTAMPTZ(3),
ADD COLUMN     "words" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "post" ADD COLUMN     "words" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "rank_due" (
    "moblog_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rank_due_pkey" PRIMARY KEY ("moblog_id")
);

-- CreateIndex
CREATE INDEX "rank_due_since_idx" ON "rank_due"("since");

-- CreateIndex
CREATE INDEX "moblog_newest_public_at_id_idx" ON "moblog"("newest_public_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "moblog_hot_id_idx" ON "moblog"("hot" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "post_like_post_id_created_at_idx" ON "post_like"("post_id", "created_at" DESC);


-- Search: lexemes are made by the service, so that Chinese is found by any two characters; the words of other scripts
-- by their beginning.
CREATE INDEX "moblog_search_idx" ON "moblog" USING gin (array_to_tsvector("words"));
CREATE INDEX "post_search_idx" ON "post" USING gin (array_to_tsvector("words"));

-- What a moblog's rank depends on marks it, whoever changes it and how. The mark is always written: who ranks skips a
-- mark that a transaction holds which has not ended, and so never misses what that transaction did.
CREATE FUNCTION "mark_rank_due"("ids" uuid[]) RETURNS void LANGUAGE sql SET search_path FROM CURRENT AS $$
  INSERT INTO rank_due (moblog_id, since) SELECT DISTINCT id, now() FROM unnest(ids) AS id ORDER BY id
  ON CONFLICT (moblog_id) DO UPDATE SET since = rank_due.since
$$;

CREATE FUNCTION "mark_post_rank_due"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM mark_rank_due(ARRAY[NEW.moblog_id]);
  RETURN NULL;
END $$;

CREATE FUNCTION "mark_engagement_rank_due"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM mark_rank_due((SELECT array_agg(moblog_id) FROM post WHERE id IN (SELECT post_id FROM changed)));
  RETURN NULL;
END $$;

CREATE TRIGGER "post_inserted" AFTER INSERT ON "post" FOR EACH ROW
  WHEN (NEW."audience" = 'PUBLIC' AND NEW."published_at" IS NOT NULL) EXECUTE FUNCTION "mark_post_rank_due"();
-- Likes and comments change their counts in the post; these updates are not what is looked for here.
CREATE TRIGGER "post_updated" AFTER UPDATE ON "post" FOR EACH ROW
  WHEN (OLD."audience" <> NEW."audience" OR OLD."published_at" IS DISTINCT FROM NEW."published_at")
  EXECUTE FUNCTION "mark_post_rank_due"();
CREATE TRIGGER "like_inserted" AFTER INSERT ON "post_like"
  REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();
CREATE TRIGGER "like_deleted" AFTER DELETE ON "post_like"
  REFERENCING OLD TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();
CREATE TRIGGER "comment_inserted" AFTER INSERT ON "comment"
  REFERENCING NEW TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();
CREATE TRIGGER "comment_deleted" AFTER DELETE ON "comment"
  REFERENCING OLD TABLE AS "changed" FOR EACH STATEMENT EXECUTE FUNCTION "mark_engagement_rank_due"();
