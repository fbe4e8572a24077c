-- AlterTable
ALTER TABLE "post" ADD COLUMN     "content_warning" TEXT;
