-- AlterTable
ALTER TABLE "post" ADD COLUMN     "hashtags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "post_hashtag" (
    "tag" TEXT NOT NULL,
    "post_id" UUID NOT NULL,
    "moblog_id" UUID NOT NULL,
    "audience" "audience" NOT NULL,
    "audience_list_id" UUID,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "post_hashtag_pkey" PRIMARY KEY ("post_id","tag")
);

-- CreateTable
CREATE TABLE "post_mention" (
    "post_id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "post_mention_pkey" PRIMARY KEY ("post_id","handle")
);

-- CreateIndex
CREATE INDEX "post_hashtag_public_idx" ON "post_hashtag"("tag", "published_at" DESC, "post_id" DESC, "moblog_id") WHERE (audience = 'PUBLIC');

-- CreateIndex
CREATE INDEX "post_hashtag_moblog_idx" ON "post_hashtag"("tag", "moblog_id", "audience", "published_at" DESC, "post_id" DESC, "audience_list_id");

-- CreateIndex
CREATE INDEX "post_mention_user_id_idx" ON "post_mention"("user_id");

-- AddForeignKey
ALTER TABLE "post_hashtag" ADD CONSTRAINT "post_hashtag_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post_mention" ADD CONSTRAINT "post_mention_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whatever writes a post, its rows follow in the same transaction.
CREATE FUNCTION "copy_post_hashtags"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM post_hashtag WHERE post_id = NEW.id;
  INSERT INTO post_hashtag (tag, post_id, moblog_id, audience, audience_list_id, published_at)
  SELECT DISTINCT tag, NEW.id, NEW.moblog_id, NEW.audience, NEW.audience_list_id, NEW.published_at
  FROM unnest(NEW.hashtags) AS tag WHERE NEW.published_at IS NOT NULL;
  RETURN NULL;
END $$;

CREATE TRIGGER "post_hashtags_inserted" AFTER INSERT ON "post" FOR EACH ROW
  WHEN (NEW."hashtags" <> '{}' AND NEW."published_at" IS NOT NULL) EXECUTE FUNCTION "copy_post_hashtags"();
-- Likes and comments change their counts in the post; these updates are not what is looked for here.
CREATE TRIGGER "post_hashtags_updated" AFTER UPDATE ON "post" FOR EACH ROW
  WHEN ((OLD."hashtags" <> '{}' OR NEW."hashtags" <> '{}') AND (
    OLD."hashtags" IS DISTINCT FROM NEW."hashtags" OR OLD."audience" <> NEW."audience"
    OR OLD."audience_list_id" IS DISTINCT FROM NEW."audience_list_id"
    OR OLD."published_at" IS DISTINCT FROM NEW."published_at"
  ))
  EXECUTE FUNCTION "copy_post_hashtags"();

-- Posts that were written before are looked through for hashtags.
UPDATE "search_backfill" SET "after_id" = '00000000-0000-0000-0000-000000000000', "done" = NOT EXISTS (SELECT FROM "post")
WHERE "name" = 'post';
