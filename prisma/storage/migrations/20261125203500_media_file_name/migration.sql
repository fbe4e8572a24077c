-- AlterTable
ALTER TABLE "media" ADD COLUMN     "file_name" TEXT;

-- Until now a medium without a title got the name of its file as its title, which everyone saw. Where the upload is
-- no longer known, a title that ends like a file's name is taken for one.
UPDATE "media" SET "file_name" = "uploads"."file_name" FROM "uploads" WHERE "uploads"."id" = "media"."upload_id";
UPDATE "media" SET "file_name" = "title" WHERE "file_name" IS NULL AND "title" ~ '\.[A-Za-z0-9]{2,4}$';
UPDATE "media" SET "title" = '' WHERE "title" = "file_name";
UPDATE "uploads" SET "title" = '' WHERE "title" = "file_name";
