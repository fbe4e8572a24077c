-- AlterTable
ALTER TABLE "media" ADD COLUMN     "failure_code" TEXT,
ADD COLUMN     "failure_message" TEXT;

