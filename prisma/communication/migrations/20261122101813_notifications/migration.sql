-- CreateEnum
CREATE TYPE "notification_kind" AS ENUM ('MEDIA_READY', 'MEDIA_REJECTED', 'FRIEND_REQUEST_RECEIVED', 'FRIEND_REQUEST_ACCEPTED', 'POST_PUBLISHED', 'POST_LIKED', 'POST_COMMENTED');

-- CreateTable
CREATE TABLE "inboxes" (
    "user_id" UUID NOT NULL,
    "last_position" BIGINT NOT NULL,

    CONSTRAINT "inboxes_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "position" BIGINT NOT NULL,
    "kind" "notification_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "actor_id" UUID,
    "media_id" UUID,
    "upload_id" UUID,
    "post_id" UUID,
    "comment_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("user_id","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "notifications_id_key" ON "notifications"("id");

-- CreateIndex
CREATE INDEX "notifications_created_at_idx" ON "notifications"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "notifications_user_id_subject_key" ON "notifications"("user_id", "subject");

-- AddForeignKey
ALTER TABLE "inboxes" ADD CONSTRAINT "inboxes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "inboxes"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

