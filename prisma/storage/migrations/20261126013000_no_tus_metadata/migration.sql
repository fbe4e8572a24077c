-- Uploads are made by requestUpload, not by a tus client, so that there is no metadata of such a client to give back.
ALTER TABLE "uploads" DROP COLUMN "tus_metadata";
