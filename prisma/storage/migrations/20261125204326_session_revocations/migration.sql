-- AlterTable
ALTER TABLE "revocations" ADD COLUMN     "session_id" UUID;

