-- Audience lists and expiring posts.
ALTER TYPE "audience" ADD VALUE 'ONLY_LIST';
ALTER TYPE "audience" ADD VALUE 'EXCEPT_LIST';

CREATE TABLE "audience_lists" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audience_lists_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "audience_list_members" (
    "list_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audience_list_members_pkey" PRIMARY KEY ("list_id","user_id")
);
CREATE UNIQUE INDEX "audience_lists_owner_id_name_key" ON "audience_lists"("owner_id", "name");
CREATE INDEX "audience_list_members_list_id_added_at_user_id_idx" ON "audience_list_members"("list_id", "added_at" DESC, "user_id" DESC);
CREATE INDEX "audience_list_members_user_id_idx" ON "audience_list_members"("user_id");
ALTER TABLE "audience_lists" ADD CONSTRAINT "audience_lists_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "audience_list_members" ADD CONSTRAINT "audience_list_members_list_id_fkey" FOREIGN KEY ("list_id") REFERENCES "audience_lists"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "audience_list_members" ADD CONSTRAINT "audience_list_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "posts" ADD COLUMN     "audience_list_id" UUID,
ADD COLUMN     "expires_at" TIMESTAMPTZ(3);
CREATE INDEX "posts_list_idx" ON "posts"("audience_list_id") WHERE (audience_list_id IS NOT NULL);
CREATE INDEX "posts_expiring_idx" ON "posts"("expires_at") WHERE (expires_at IS NOT NULL AND audience <> 'ONLY_ME');

-- The audiences of a media file have no order any more; they are read from its posts.
ALTER TABLE "media" DROP COLUMN "audience";
