-- One stored file is called media everywhere.
ALTER TABLE "renditions" RENAME COLUMN "medium_id" TO "media_id";
ALTER TABLE "renditions" RENAME CONSTRAINT "renditions_medium_id_fkey" TO "renditions_media_id_fkey";
ALTER TABLE "playlists" RENAME COLUMN "medium_id" TO "media_id";
ALTER TABLE "playlists" RENAME CONSTRAINT "playlists_medium_id_fkey" TO "playlists_media_id_fkey";
